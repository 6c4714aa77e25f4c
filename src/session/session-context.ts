import type { Failure } from '@/domain/failure';
import type { MemberId, RoomId } from '@/domain/room';
import type { Readable } from '@/lib/store';
import type { Rekeying } from './keys/epochs';
import { plainVoice } from './keys/plain-voice';
import { createSealedRoom, type SealedRoom } from './keys/sealed-room';
import { sealedVoice } from './keys/sealed-voice';
import type { Voice } from './keys/voice';
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
  /** Null in a plain room. */
  readonly sealedRoom: SealedRoom | null;
  readonly clock: MeasuredClock;
  readonly room: RoomState;
  readonly ownName: OwnName;
  readonly connection: Readable<Connection>;
  /** Aborted when the session ends or stops. After that, parts neither change what they show nor send anything. */
  readonly over: AbortSignal;
  /** Ends the session; does nothing once it is over. The other tabs of this browser hear of it, unless it is no news to them. */
  readonly end: (reason: EndReason, isNews?: boolean) => void;
  /** This browser has another seat in the room. Nothing has ended for anyone. */
  readonly reseat: () => void;
  /** To be called with the failure of every call: some are a reason to check that room and seat still exist. */
  readonly onRefused: (failure: Failure) => void;
}

/** What the parts of a session do for those who are made before them. */
interface Own extends Pick<SessionContext, 'connection' | 'over' | 'end' | 'reseat' | 'onRefused'> {
  readonly ownerId: () => MemberId | null;
  readonly onRekeyed: (rekeying: Rekeying) => void;
  /** Reads the room; false where that failed. */
  readonly look: () => Promise<boolean>;
}

/** `voiceOf` is for tests, which listen in. */
export function createContext(
  environment: SessionEnvironment,
  visit: Visit,
  own: Own,
  voiceOf: (voice: Voice) => Voice = (voice) => voice,
): SessionContext {
  const { seat, clock, name, nameIsNew, keys } = visit;
  const { roomId, sealed } = visit.room;
  const room = createRoomState(visit.room);
  const self = seat.memberId;
  const { connection, over, end, reseat, onRefused } = own;
  // A sealed room without keys is not entered: its voice throws.
  const sealedRoom =
    sealed && keys !== null ? createSealedRoom({ ...environment, ...own, ...visit, roomId, self, room, keys }) : null;
  return {
    ...environment,
    connection,
    over,
    end,
    reseat,
    onRefused,
    roomId,
    self,
    sealedRoom,
    voice: voiceOf(sealedRoom ? sealedVoice(sealedRoom) : plainVoice(visit.room, environment.api)),
    clock,
    room,
    // In a sealed room no message carries a name.
    ownName: createOwnName(environment.storage, name, nameIsNew || sealed),
  };
}
