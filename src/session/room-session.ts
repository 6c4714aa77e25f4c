import type { Answer } from '@/domain/failure';
import type { MemberId, Room, RoomId } from '@/domain/room';
import type { Writing } from '@/session/messages/composer';
import type { Person } from '@/session/people/roster';
import type { Going } from '@/session/messages/going';
import type { KeptWith, Outgoing } from '@/session/messages/outgoing';
import type { OwnScreen } from '@/session/messages/own-screen';
import type { Saying } from '@/session/messages/saying';
import type { SecondThoughts } from '@/session/messages/second-thoughts';
import type { KeyTrouble } from './keys/standing';
import type { Knocks } from './knocks/knocks';
import type { Ignored } from './people/ignored';
import type { Outdated } from './outdated';
import type { Talks } from './private-talk/private-talk';
import type { RoomActions } from './room-actions';
import type { HeardSignals } from './signals/heard-signals';
import type { Files } from './files/files';
import type { OwnSignals } from './signals/own-signals';
import type { ServerClock } from './server-clock';
import type { Steering } from './steering';
import type { Deferred } from '@/lib/deferred';
import type { UnreadMessages } from './unread';
import type { Readable } from '@/lib/store';
import type { EndReason } from './visit';

export interface RoomInfo {
  room: Room;
  you: { memberId: MemberId; owner: boolean; name: string };
  /** Six bytes to compare aloud as words, of the room's newest key; null: the room is not sealed. */
  safetyPhrase: Uint8Array | null;
  /** The whole link, the newest key included. */
  link: string;
  /** This page sends nothing, in a sealed room: it does not take the room's new key, or has lost the keys of its seat. */
  muted: KeyTrouble | 'keys-lost' | null;
  /** Whether removing somebody, or a new link, gives the room a new key: in sealed rooms, up to their limit. */
  canRekey: boolean;
}

export interface Connection {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';
  /** When this state began, on the server's clock. */
  since: number;
}

/** The others who are writing, and how far each has read. */
export type Signals = Pick<HeardSignals, 'typing' | 'seen'> & OwnSignals;

/** One member's room while it lasts, with no React in it: values to follow and things to do. */
export interface RoomSession
  extends
    RoomActions,
    Steering,
    Omit<Writing, 'clear' | 'written' | 'restore' | 'giveBack'>,
    Saying,
    SecondThoughts,
    Going,
    OwnScreen,
    Outdated {
  readonly roomId: RoomId;
  readonly clock: ServerClock;
  readonly info: Readable<RoomInfo>;
  readonly connection: Readable<Connection>;
  readonly people: Readable<readonly Person[]>;
  readonly unread: UnreadMessages;
  readonly signals: Signals;
  readonly outgoing: Readable<Outgoing>;
  readonly files: Files;
  readonly knocks: Knocks;
  /** Reports a listed room to whoever runs the site. The reason may be empty. */
  readonly report: (reason: string) => Promise<Answer<true>>;
  readonly ignored: Pick<Ignored, 'members' | 'ignore'>;
  readonly keptWith: KeptWith;
  /** A member's six bytes, which two people compare as words to know that each sees the other's own seat; null in a plain room. */
  readonly memberMark: (memberId: MemberId) => Deferred<Uint8Array> | null;
  /** Fetched when somebody whispers, or asks; null where there is none. */
  readonly privateTalk: Deferred<Talks> | null;
  /** Why it has ended; null while it lasts. */
  readonly endedBy: () => EndReason | null;
  readonly readTranscriptAgain: () => void;
  /** Reads the page of messages before those that are shown, and tries again until it works. */
  readonly readOlder: () => void;
}
