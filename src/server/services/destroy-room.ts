import 'server-only';
import { deleteRoom } from '@/server/storage/rooms';
import type { RoomRequest, ServerContext } from './context';
import { giveBackHoldings } from './listing';

/** Ends the room for everybody, at once and without a trace. Only its owner can. */
export async function destroyRoom(context: ServerContext, request: RoomRequest): Promise<void> {
  await giveBackHoldings(context, request.roomId, await deleteRoom(context.storage.redis, request));
}
