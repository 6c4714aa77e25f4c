import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { readRoomScript } from '@/server/storage/scripts/rooms';
import type { ServerContext } from './context';
import { accepted, roomOf, type RoomRequest } from './reply';

/** The room and one's own seat. Changes nothing and seats nobody, so that a link preview costs no seat. */
export async function readRoom(
  { storage }: ServerContext,
  { roomId, tokenHash }: RoomRequest,
): Promise<{ room: Room; seat: Seat | null }> {
  const { rest } = accepted(await readRoomScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash]));
  return roomOf(roomId, rest);
}
