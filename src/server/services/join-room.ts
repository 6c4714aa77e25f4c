import 'server-only';
import { type RequestFault, RoomError } from '@/domain/errors';
import {
  GHOST_AFTER_MS,
  GHOST_ROOM_MEMBERS_MIN,
  KNOCK_ASKING_GAP_MS,
  ROOM_BYTES_MAX,
  ROOM_SEATS_GIVEN_MAX,
  SEAT_MOVES,
  UNUSED_SEAT_AFTER_MS,
  WAITED_GAP_MS,
} from '@/domain/limits';
import type { KnockId } from '@/domain/knock';
import type { JoinRoom } from '@/domain/requests';
import type { Room, Seat } from '@/domain/room';
import { epochOf } from '@/domain/sealed';
import { hashToken, newKnockId, newMemberId, newToken } from '@/server/auth/tokens';
import { takeSeat, type Unfit } from '@/server/storage/seats';
import { hashAddress, hashInRoom, limitAddress } from './address-limits';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

/**
 * A seat: with `token` when it is a new one, without when the credential held it before. `admitted` when the credential came with a knock
 * and is the new seat’s from now on.
 */
export interface JoinedRoom {
  room: Room;
  seat: Seat;
  token: string | null;
  admitted: boolean;
}

/** A place at the door: with `token` when somebody new stands there. */
export interface WaitingAtDoor {
  knockId: KnockId;
  token: string | null;
  /** Until the room ends. */
  leftMs: number;
}

/** What a newcomer to a sealed room gives, and whoever moves their seat. Plain rooms refuse it. */
type Keys = Pick<JoinRoom, 'proof' | 'memberId' | 'card'>;

interface Arrival extends RoomRequest, Keys {
  address: string;
  name?: string | undefined;
}

/** Takes a seat, or where the owner lets people in a place at the door. */
export async function joinRoom(context: ServerContext, arrival: Arrival): Promise<JoinedRoom | WaitingAtDoor> {
  const token = newToken();
  const asked = { ...arrival, newTokenHash: hashToken(token) };
  let taken = await askForSeat(context, asked, false);
  if (taken.status === 'knock') {
    await limitAddress(context, 'knocks', arrival.address);
    taken = await askForSeat(context, asked, true);
  }
  if (taken.status === 'knock') throw new Error('the knock was counted, and not taken');
  if (taken.status === 'unfit') throw new RoomError('invalid_request', { faults: faultsOf(taken.who, arrival) });
  if (taken.status === 'knocking') {
    const { knockId, isNew, leftMs } = taken;
    return { knockId, token: isNew ? token : null, leftMs };
  }
  const { status, room, seat } = taken;
  if (room.members >= room.maxMembers) context.lobby?.hide(arrival.roomId);
  return { room, seat, token: status === 'joined' ? token : null, admitted: status === 'admitted' };
}

async function askForSeat(
  context: ServerContext,
  { roomId, tokenHash, newTokenHash, address, proof, memberId, card, name }: Arrival & { newTokenHash: string },
  mayKnock: boolean,
) {
  return takeSeat(context.storage.redis, {
    roomId,
    tokenHash,
    // Doors know addresses in every room: no few of them keep everybody else out.
    addressHash: await (mayKnock ? hashAddress(context, `${roomId} ${address}`) : hashInRoom(context, roomId, address)),
    newMemberId: newMemberId(),
    newTokenHash,
    proofHash: proof === undefined ? '' : hashToken(proof),
    memberId: memberId ?? '',
    cardJson: card === undefined ? '' : JSON.stringify(card),
    cardEpoch: card === undefined ? 0 : epochOf(card),
    nameJson: name === undefined ? '' : JSON.stringify(name),
    newKnockId: newKnockId(),
    mayKnock,
    askingGapMs: context.rateLimits ? KNOCK_ASKING_GAP_MS : 0,
    movePace: rateIn(context, SEAT_MOVES),
    bytesMax: ROOM_BYTES_MAX,
    seatsMax: ROOM_SEATS_GIVEN_MAX,
    ghostAfterMs: GHOST_AFTER_MS,
    unusedAfterMs: UNUSED_SEAT_AFTER_MS,
    ghostSeatsMin: GHOST_ROOM_MEMBERS_MIN,
    waitedGapMs: WAITED_GAP_MS,
  });
}

const REQUIRED = {
  newcomer: ['proof', 'memberId', 'card'],
  mover: ['card'],
} as const;

function faultsOf(who: Unfit['who'], keys: Keys): RequestFault[] {
  if (who === 'sealed') return [{ path: 'name', message: 'is not taken in sealed rooms' }];
  if (who === 'knocker') return [{ path: 'name', message: 'is required at the door of this room' }];
  if (who !== 'plain') {
    const missing = REQUIRED[who].filter((path) => keys[path] === undefined);
    return missing.map((path) => ({ path, message: 'is required in sealed rooms' }));
  }
  const given = REQUIRED.newcomer.filter((path) => keys[path] !== undefined);
  return given.map((path) => ({ path, message: 'is not taken in plain rooms' }));
}
