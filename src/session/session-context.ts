import type { Failure } from '@/domain/failure';
import type { MemberId, RoomId } from '@/domain/room';
import type { Voice } from '@/crypto/voice';
import type { Readable } from '@/lib/store';
import { createOwnName, type OwnName } from './people/own-name';
import type { Connection } from './room-session';
import { createRoomState, type RoomState } from './room-state';
import type { MeasuredClock } from './server-clock';
import type { EndReason, SessionEnvironment, Visit } from './visit';

/** What all parts of a session share. Parts take it whole. */
export interface SessionContext extends SessionEnvironment {
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly voice: Voice;
  readonly clock: MeasuredClock;
  readonly room: RoomState;
  readonly ownName: OwnName;
  readonly connection: Readable<Connection>;
  /** Aborted when the session ends or stops. After that, parts neither change what they show nor send anything. */
  readonly over: AbortSignal;
  /** Ends the session; does nothing once it is over. The other tabs of this browser hear of it, unless it is no news to them. */
  readonly end: (reason: EndReason, isNews?: boolean) => void;
  /** To be called with the failure of every call: some are a reason to check that room and seat still exist. */
  readonly onRefused: (failure: Failure) => void;
}

export function createContext(
  environment: SessionEnvironment,
  { room, seat, voice, clock, name, nameIsNew }: Visit,
  own: Pick<SessionContext, 'connection' | 'over' | 'end' | 'onRefused'>,
): SessionContext {
  return {
    ...environment,
    ...own,
    roomId: room.roomId,
    self: seat.memberId,
    voice,
    clock,
    room: createRoomState(room),
    ownName: createOwnName(environment.storage, name, nameIsNew),
  };
}
