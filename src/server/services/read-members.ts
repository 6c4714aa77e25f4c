import 'server-only';
import type { Member } from '@/domain/member';
import { listMembers } from '@/server/storage/members';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** The members of a room, for members. */
export async function readMembers(context: ServerContext, request: RoomRequest): Promise<Member[]> {
  return limitReads(context, 'members', request, (pace) => listMembers(context.storage.redis, { ...request, pace }));
}
