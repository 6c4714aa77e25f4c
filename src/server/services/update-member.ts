import 'server-only';
import * as z from 'zod/mini';
import { CHANGES_PER_MEMBER, CHANGES_PER_MEMBER_MAX, ROOM_BYTES_MAX } from '@/domain/limits';
import type { Member } from '@/domain/member';
import { type UpdateMember, senderSchema } from '@/domain/requests';
import { sealedCardSchema, epochOf } from '@/domain/sealed';
import { renameMember } from '@/server/storage/members';
import { countAddressBytes, longMessageWaitMs } from './address-bytes';
import { fitOf } from './content';
import type { RoomRequest, ServerContext } from './context';
import { readPace } from './limit-reads';
import { rateIn } from './rates';

const sealedLabelSchema = z.object({
  name: z.optional(z.undefined('is not taken in sealed rooms')),
  card: sealedCardSchema,
});
const plainLabelSchema = z.object({
  name: senderSchema,
  card: z.optional(z.undefined('is not taken in plain rooms')),
});

/** Gives oneself a name, or in a sealed room a card with one, so that people see who came in before a word is said. */
export async function updateMember(
  context: ServerContext,
  { roomId, tokenHash, address, name, card }: RoomRequest & UpdateMember & { address: string },
): Promise<Member> {
  const given = { ...(name !== undefined && { name }), ...(card !== undefined && { card }) };
  const fit = fitOf(given, sealedLabelSchema, plainLabelSchema);
  const label = card ?? name ?? '';
  const bytes = Buffer.byteLength(label);
  const renamed = await renameMember(context.storage.redis, {
    roomId,
    tokenHash,
    labelJson: JSON.stringify(label),
    cardEpoch: card === undefined ? 0 : epochOf(card),
    fitsSealed: fit.sealed,
    fitsPlain: fit.plain,
    rate: rateIn(context, CHANGES_PER_MEMBER),
    labelsMax: CHANGES_PER_MEMBER_MAX,
    bytesMax: ROOM_BYTES_MAX,
    storageFull: context.storage.isFull(),
    addressWaitMs: longMessageWaitMs(context, address, bytes),
    pace: readPace(context),
  });
  if (renamed.status === 'misfit') return fit.refuse(renamed.kind);
  if (renamed.status === 'renamed') await countAddressBytes(context, address, bytes);
  return renamed.member;
}
