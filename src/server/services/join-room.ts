import 'server-only';
import {
  GHOST_AFTER_MS,
  GHOST_ROOM_MEMBERS_MIN,
  ROOM_SEATS_GIVEN_MAX,
  UNUSED_SEAT_AFTER_MS,
  WAITED_GAP_MS,
} from '@/domain/limits';
import type { MemberId, Room, Seat } from '@/domain/room';
import type { Card, Proof } from '@/domain/sealed';
import { hashToken, newMemberId, newToken } from '@/server/auth/tokens';
import { takeSeat } from '@/server/storage/seats';
import type { RoomRequest, ServerContext } from './context';

/** A seat: with `token` when it is a new one, without when the credential held it before. */
export interface JoinedRoom {
  room: Room;
  seat: Seat;
  token: string | null;
}

interface Newcomer {
  proof?: Proof | undefined;
  memberId?: MemberId | undefined;
  card?: Card | undefined;
}

export async function joinRoom(
  { storage }: ServerContext,
  { proof, memberId, card, ...request }: RoomRequest & Newcomer,
): Promise<JoinedRoom> {
  const token = newToken();
  const { room, seat, isNew } = await takeSeat(storage.redis, {
    ...request,
    newMemberId: memberId ?? newMemberId(),
    proofHash: proof === undefined ? '' : hashToken(proof),
    cardJson: card === undefined ? '' : JSON.stringify(card),
    newTokenHash: hashToken(token),
    seatsMax: ROOM_SEATS_GIVEN_MAX,
    ghostAfterMs: GHOST_AFTER_MS,
    unusedAfterMs: UNUSED_SEAT_AFTER_MS,
    ghostSeatsMin: GHOST_ROOM_MEMBERS_MIN,
    waitedGapMs: WAITED_GAP_MS,
  });
  return { room, seat, token: isNew ? token : null };
}
