import 'server-only';
import { deleteRoom } from '@/server/storage/rooms';
import { giveBackLease } from './address-rooms';
import type { RoomRequest, ServerContext } from './context';

/** Ends the room for everybody, at once and without a trace. Only its owner can. */
export async function destroyRoom(context: ServerContext, request: RoomRequest): Promise<void> {
  await giveBackLease(context, await deleteRoom(context.storage.redis, request));
}
