import 'server-only';
import { type RequestFault, RoomError } from '@/domain/errors';
import {
  GHOST_AFTER_MS,
  GHOST_ROOM_MEMBERS_MIN,
  ROOM_BYTES_MAX,
  ROOM_SEATS_GIVEN_MAX,
  SEAT_MOVES,
  UNUSED_SEAT_AFTER_MS,
  WAITED_GAP_MS,
} from '@/domain/limits';
import type { JoinRoom } from '@/domain/requests';
import type { Room, Seat } from '@/domain/room';
import { epochOf } from '@/domain/sealed';
import { hashToken, newMemberId, newToken } from '@/server/auth/tokens';
import { takeSeat, type Unfit } from '@/server/storage/seats';
import { hashInRoom } from './address-limits';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

/** A seat: with `token` when it is a new one, without when the credential held it before. */
export interface JoinedRoom {
  room: Room;
  seat: Seat;
  token: string | null;
}

/** What a newcomer to a sealed room gives, and whoever moves their seat. Plain rooms refuse it. */
type Keys = Pick<JoinRoom, 'proof' | 'memberId' | 'card'>;

export async function joinRoom(
  context: ServerContext,
  { roomId, tokenHash, address, proof, memberId, card }: RoomRequest & Keys & { address: string },
): Promise<JoinedRoom> {
  const token = newToken();
  const taken = await takeSeat(context.storage.redis, {
    roomId,
    tokenHash,
    addressHash: await hashInRoom(context, roomId, address),
    newMemberId: newMemberId(),
    newTokenHash: hashToken(token),
    proofHash: proof === undefined ? '' : hashToken(proof),
    memberId: memberId ?? '',
    cardJson: card === undefined ? '' : JSON.stringify(card),
    cardEpoch: card === undefined ? 0 : epochOf(card),
    movePace: rateIn(context, SEAT_MOVES),
    bytesMax: ROOM_BYTES_MAX,
    seatsMax: ROOM_SEATS_GIVEN_MAX,
    ghostAfterMs: GHOST_AFTER_MS,
    unusedAfterMs: UNUSED_SEAT_AFTER_MS,
    ghostSeatsMin: GHOST_ROOM_MEMBERS_MIN,
    waitedGapMs: WAITED_GAP_MS,
  });
  if (taken.status === 'unfit') {
    throw new RoomError('invalid_request', { faults: faultsOf(taken.who, { proof, memberId, card }) });
  }
  const { status, room, seat } = taken;
  if (room.members >= room.maxMembers) context.lobby?.hide(roomId);
  return { room, seat, token: status === 'joined' ? token : null };
}

const REQUIRED = {
  newcomer: ['proof', 'memberId', 'card'],
  mover: ['card'],
} as const;

function faultsOf(who: Unfit['who'], keys: Keys): RequestFault[] {
  if (who !== 'plain') {
    const missing = REQUIRED[who].filter((path) => keys[path] === undefined);
    return missing.map((path) => ({ path, message: 'is required in sealed rooms' }));
  }
  const given = REQUIRED.newcomer.filter((path) => keys[path] !== undefined);
  return given.map((path) => ({ path, message: 'is not taken in plain rooms' }));
}
