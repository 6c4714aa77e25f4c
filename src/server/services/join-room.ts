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
import { takeSeat } from '@/server/storage/seats';
import type { RoomRequest, ServerContext } from './context';

/** A seat: with `token` when it is a new one, without when the credential held it before. */
export interface JoinedRoom {
  room: Room;
  seat: Seat;
  token: string | null;
}

export async function joinRoom({ storage }: ServerContext, request: RoomRequest): Promise<JoinedRoom> {
  const token = newToken();
  const { room, seat, isNew } = await takeSeat(storage.redis, {
    ...request,
    newMemberId: newMemberId(),
    newTokenHash: hashToken(token),
    seatsMax: ROOM_SEATS_GIVEN_MAX,
    ghostAfterMs: GHOST_AFTER_MS,
    unusedAfterMs: UNUSED_SEAT_AFTER_MS,
    ghostSeatsMin: GHOST_ROOM_MEMBERS_MIN,
    waitedGapMs: WAITED_GAP_MS,
  });
  return { room, seat, token: isNew ? token : null };
}
