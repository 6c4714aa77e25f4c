import 'server-only';
import {
  GHOST_AFTER_MS,
  GHOST_ROOM_MEMBERS_MIN,
  ROOM_SEATS_GIVEN_MAX,
  UNUSED_SEAT_AFTER_MS,
  WAITED_GAP_MS,
} from '@/domain/limits';
import type { Room, Seat } from '@/domain/room';
import { hashToken, newMemberId, newToken } from '@/server/auth/tokens';
import { roomKeys } from '@/server/storage/keys';
import { joinRoomScript } from '@/server/storage/rooms';
import type { ServerContext } from './context';
import { accepted, type RoomRequest, seatedRoomOf } from './reply';

/** A seat: with `token` when it is a new one, without when the credential held it before. */
export interface JoinedRoom {
  room: Room;
  seat: Seat;
  token: string | null;
}

export async function joinRoom({ storage }: ServerContext, { roomId, tokenHash }: RoomRequest): Promise<JoinedRoom> {
  const token = newToken();
  const { status, rest } = accepted(
    await joinRoomScript.run(storage.redis, roomKeys(roomId), [
      roomId,
      tokenHash,
      newMemberId(),
      hashToken(token),
      ROOM_SEATS_GIVEN_MAX,
      GHOST_AFTER_MS,
      UNUSED_SEAT_AFTER_MS,
      GHOST_ROOM_MEMBERS_MIN,
      WAITED_GAP_MS,
    ]),
  );
  return { ...seatedRoomOf(roomId, rest), token: status === 'joined' ? token : null };
}
