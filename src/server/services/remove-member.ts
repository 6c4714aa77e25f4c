import 'server-only';
import type { MemberId } from '@/domain/room';
import { unseatMember } from '@/server/storage/members';
import type { RoomRequest, ServerContext } from './context';

/** Removes a member: credential, seat and streams end at once. Only the owner can. */
export async function removeMember(
  { storage }: ServerContext,
  request: RoomRequest & { memberId: MemberId },
): Promise<void> {
  await unseatMember(storage.redis, request);
}
