import type { MemberId, Room, RoomId } from '@/domain/room';
import type { Writing } from '@/session/messages/composer';
import type { Person } from '@/session/people/roster';
import type { Saying } from '@/session/messages/saying';
import type { Outdated } from './outdated';
import type { RoomActions } from './room-actions';
import type { ServerClock } from './server-clock';
import type { Deferred } from '@/lib/deferred';
import type { Readable } from '@/lib/store';
import type { Transcript } from '@/session/messages/transcript';

export interface RoomInfo {
  room: Room;
  you: { memberId: MemberId; owner: boolean; name: string };
  /** Six words to compare aloud, each an emoji, a space and its English name; null: the room is not sealed. */
  safetyPhrase: Deferred<readonly string[]> | null;
  /** The whole link, key included. */
  link: string;
}

export interface Connection {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';
  /** When this state began, on the server's clock. */
  since: number;
}

/** One member's room while it lasts, with no React in it: values to follow and things to do. */
export interface RoomSession extends RoomActions, Omit<Writing, 'clear' | 'unsent'>, Saying, Outdated {
  readonly roomId: RoomId;
  readonly clock: ServerClock;
  readonly info: Readable<RoomInfo>;
  readonly connection: Readable<Connection>;
  readonly people: Readable<readonly Person[]>;
  readonly transcript: Readable<Transcript>;
  readonly readTranscriptAgain: () => void;
  /** Reads the page of messages before those that are shown, and tries again until it works. */
  readonly readOlder: () => void;
}
