import 'server-only';
import { newRequestId } from '@/server/auth/tokens';
import { roomKeys } from '@/server/storage/keys';
import { leaveRoomScript } from '@/server/storage/rooms';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

/** Gives the seat up; the longest seated member owns the room when it was the owner's. */
export async function leaveRoom({ storage }: ServerContext, { roomId, tokenHash }: RoomRequest): Promise<void> {
  accepted(await leaveRoomScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash, newRequestId()]));
}
