import 'server-only';
import { roomKeys } from '@/server/storage/keys';
import { removeMemberScript } from '@/server/storage/members';
import type { ServerContext } from './context';
import { accepted, type MemberRequest } from './reply';

/** Puts a member out: credential, seat and streams end at once. Only the owner can. */
export async function removeMember(
  { storage }: ServerContext,
  { roomId, tokenHash, memberId }: MemberRequest,
): Promise<void> {
  accepted(await removeMemberScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash, memberId]));
}
