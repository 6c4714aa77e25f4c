import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { viewRoom } from '@/server/storage/rooms';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** The room and one's own seat. Changes nothing and seats nobody, so that a link preview costs no seat. */
export async function readRoom(
  context: ServerContext,
  request: RoomRequest,
): Promise<{ room: Room; seat: Seat | null }> {
  return limitReads(context, 'room', request, (pace) => viewRoom(context.storage.redis, { ...request, pace }));
}
