import 'server-only';
import * as z from 'zod/mini';
import { CHANGES_PER_MEMBER, CHANGES_PER_MEMBER_MAX, ROOM_BYTES_MAX } from '@/domain/limits';
import type { Member } from '@/domain/member';
import { senderSchema } from '@/domain/message';
import { sealedSchema } from '@/domain/sealed';
import { renameMember } from '@/server/storage/members';
import { countAddressBytes, longMessageWaitMs } from './address-bytes';
import { fitOf } from './content';
import type { RoomRequest, ServerContext } from './context';
import { readPace } from './limit-reads';
import { rateIn } from './rates';

const sealedNameSchema = z.object({ name: sealedSchema });
const plainNameSchema = z.object({ name: senderSchema });

/** Gives oneself a name, so that people see who came in before a word is said. */
export async function updateMember(
  context: ServerContext,
  { name, address, ...request }: RoomRequest & { name: string; address: string },
): Promise<Member> {
  const fit = fitOf({ name }, sealedNameSchema, plainNameSchema);
  const bytes = Buffer.byteLength(name);
  const renamed = await renameMember(context.storage.redis, {
    ...request,
    nameJson: JSON.stringify(name),
    fitsSealed: fit.sealed,
    fitsPlain: fit.plain,
    rate: rateIn(context, CHANGES_PER_MEMBER),
    namesMax: CHANGES_PER_MEMBER_MAX,
    bytesMax: ROOM_BYTES_MAX,
    storageFull: context.storage.isFull(),
    addressWaitMs: longMessageWaitMs(context, address, bytes),
    pace: readPace(context),
  });
  if (renamed.status === 'misfit') return fit.refuse(renamed.kind);
  if (renamed.status === 'renamed') await countAddressBytes(context, address, bytes);
  return renamed.member;
}
