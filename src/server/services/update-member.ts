import 'server-only';
import * as z from 'zod/mini';
import { CHANGES_PER_MEMBER, CHANGES_PER_MEMBER_MAX, ROOM_BYTES_MAX } from '@/domain/limits';
import type { Member } from '@/domain/member';
import { senderSchema } from '@/domain/message';
import { sealedSchema } from '@/domain/sealed';
import { roomKeys } from '@/server/storage/keys';
import { updateMemberScript } from '@/server/storage/members';
import { flag } from '@/server/storage/lua/script';
import { countAddressBytes, longMessageWaitMs } from './address-bytes';
import { fitOf, refuseMisfit } from './content';
import type { ServerContext } from './context';
import { readArguments } from './limit-reads';
import { membersOf } from './member-reply';
import { rateArguments } from './rates';
import type { RoomRequest } from './reply';

const sealedNameSchema = z.object({ name: sealedSchema });
const plainNameSchema = z.object({ name: senderSchema });

/** Tells one's own name, so that people see who came in before a word is said. */
export async function updateMember(
  context: ServerContext,
  { roomId, tokenHash, name, address }: RoomRequest & { name: string; address: string },
): Promise<Member> {
  const { storage, rateLimits } = context;
  const fit = fitOf({ name }, sealedNameSchema, plainNameSchema);
  const bytes = Buffer.byteLength(name);
  const reply = await updateMemberScript.run(storage.redis, roomKeys(roomId), [
    roomId,
    tokenHash,
    JSON.stringify(name),
    flag(fit.sealed),
    flag(fit.open),
    ...rateArguments(CHANGES_PER_MEMBER, rateLimits),
    CHANGES_PER_MEMBER_MAX,
    ROOM_BYTES_MAX,
    flag(storage.isFull()),
    longMessageWaitMs(context, address, bytes),
    ...readArguments(context),
  ]);
  refuseMisfit(reply, fit);
  const [member] = membersOf(reply);
  if (member === undefined) throw new Error('the script answered without a member');
  if (reply[0] === 'ok') await countAddressBytes(context, address, bytes);
  return member;
}
