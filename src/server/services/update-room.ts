import 'server-only';
import { CHANGES_PER_MEMBER } from '@/domain/limits';
import type { Room } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { updateRoomScript } from '@/server/storage/rooms';
import { flag } from '@/server/storage/lua/script';
import type { ServerContext } from './context';
import { rateArguments } from './rates';
import { accepted, type RoomRequest, roomOf } from './reply';

/** Locks the room, so that it takes no new member, or unlocks it. Only its owner can. */
export async function updateRoom(
  { storage, rateLimits }: ServerContext,
  { roomId, tokenHash, locked }: RoomRequest & { locked: boolean },
): Promise<Room> {
  const { rest } = accepted(
    await updateRoomScript.run(storage.redis, roomKeys(roomId), [
      roomId,
      tokenHash,
      flag(locked),
      ...rateArguments(CHANGES_PER_MEMBER, rateLimits),
    ]),
  );
  return roomOf(roomId, rest).room;
}
