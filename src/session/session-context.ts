import type { Failure } from '@/domain/failure';
import type { MemberId, RoomId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import { plainVoice } from './keys/plain-voice';
import { createSealedRoom, type SealedRoom } from './keys/sealed-room';
import { sealedVoice } from './keys/sealed-voice';
import type { Voice } from './keys/voice';
import { createIgnored, type Ignored } from './people/ignored';
import { createOwnName, type OwnName } from './people/own-name';
import type { People } from './people/people';
import { createPrivateTalk, type PrivateTalk } from './private-talk/private-talk';
import type { Connection } from './room-session';
import { createRoomLinks, type RoomLinks } from './room-links';
import { createRoomState, type RoomState } from './room-state';
import type { SeatCheck } from './seat-check';
import { createShelf, type Shelf } from './shelf';
import type { MeasuredClock } from './server-clock';
import type { SessionEvents } from './session-events';
import { maySayGone, type EndReason, type SessionEnvironment, type Visit } from './visit';

/** What all parts of a session share. Parts take it whole. */
export interface SessionContext extends SessionEnvironment {
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly voice: Voice;
  /** Null in a plain room. */
  readonly sealedRoom: SealedRoom | null;
  readonly links: RoomLinks;
  readonly clock: MeasuredClock;
  readonly room: RoomState;
  readonly ownName: OwnName;
  readonly connection: Readable<Connection>;
  readonly shelf: Shelf;
  readonly ignored: Ignored;
  readonly signalsWanted: Readable<boolean>;
  readonly privateTalk: PrivateTalk;
  /** Aborted when the session ends or stops. After that, parts neither change what they show nor send anything. */
  readonly over: AbortSignal;
  /** Ends the session; does nothing once it is over. The other tabs of this browser hear of it, unless it is no news to them. */
  readonly end: (reason: EndReason, isNews?: boolean) => void;
  /** This browser has another seat in the room. Nothing has ended for anyone. */
  readonly reseat: () => void;
  /** To be called with the failure of every call: some are a reason to check that room and seat still exist. */
  readonly onRefused: (failure: Failure) => void;
}

interface Own extends Pick<SessionContext, 'connection' | 'over' | 'end' | 'reseat'> {
  /** Parts that are made later, and all take the context. */
  readonly parts: () => {
    readonly people: Pick<People, 'ownerId' | 'list'>;
    readonly events: Pick<SessionEvents, 'noteRekeying'>;
    readonly seatCheck: SeatCheck;
  };
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
  const { parts, ...shared } = own;
  // A sealed room without keys is not entered: its voice throws.
  const sealedRoom =
    sealed && keys !== null
      ? createSealedRoom({
          ...environment,
          ...shared,
          ...visit,
          roomId,
          self,
          room,
          keys,
          ownerId: () => parts().people.ownerId(),
          onRekeyed: (rekeying) => parts().events.noteRekeying(rekeying),
          look: async () => (await parts().seatCheck.readRoom()).ok,
        })
      : null;
  const shelf = createShelf({
    ...environment,
    ...shared,
    roomId,
    lasting: sealed ? environment.lasting : undefined,
  });
  const context: SessionContext = {
    ...environment,
    ...shared,
    onRefused: (failure) => {
      if (maySayGone(failure)) void parts().seatCheck.confirm();
    },
    roomId,
    self,
    sealedRoom,
    voice: voiceOf(sealedRoom ? sealedVoice(sealedRoom) : plainVoice(visit.room, environment.api)),
    links: createRoomLinks(visit.linkOf(null), roomId, sealed),
    clock,
    room,
    signalsWanted: environment.signalsWanted ?? createStore(true),
    shelf,
    ignored: createIgnored({ self, shelf, room, clock }),
    // In a sealed room no message carries a name.
    ownName: createOwnName(environment.storage, name, nameIsNew || sealed),
    privateTalk: createPrivateTalk(environment, () => ({ context, people: parts().people })),
  };
  return context;
}
