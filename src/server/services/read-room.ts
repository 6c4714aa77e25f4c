import 'server-only';
import type { ViewedRoom } from '@/server/storage/lua/view';
import { viewRoom } from '@/server/storage/rooms';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** The room and one's own seat. Changes nothing and seats nobody, so that a link preview costs no seat. */
export async function readRoom(context: ServerContext, request: RoomRequest): Promise<ViewedRoom> {
  return limitReads(context, 'room', request, (pace) => viewRoom(context.storage.redis, { ...request, pace }));
}
