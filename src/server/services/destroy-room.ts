import 'server-only';
import { roomKeys } from '@/server/storage/keys';
import { destroyRoomScript } from '@/server/storage/scripts/rooms';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

/** Ends the room for everybody, at once and without a trace. Only its owner can. */
export async function destroyRoom({ storage }: ServerContext, { roomId, tokenHash }: RoomRequest): Promise<void> {
  accepted(await destroyRoomScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash]));
}
