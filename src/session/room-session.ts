import type { MemberId, Room, RoomId } from '@/domain/room';
import type { Composer } from '@/session/messages/composer';
import type { Person } from '@/session/people/people';
import type { RoomActions, RoomActionsState } from './room-actions';
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
export interface RoomSession extends Omit<RoomActions, 'state' | 'forgetLineFailure'> {
  readonly roomId: RoomId;
  readonly clock: ServerClock;
  readonly info: Readable<RoomInfo>;
  readonly connection: Readable<Connection>;
  readonly people: Readable<readonly Person[]>;
  readonly transcript: Readable<Transcript>;
  readonly composer: Readable<Composer>;
  readonly actions: Readable<RoomActionsState>;
  readonly readTranscriptAgain: () => void;
  readonly setDraft: (draft: string) => void;
  /** Sends the draft, unless it has a fault, and clears it. */
  readonly send: () => void;
  /** The same message again: the same sealed strings, the same id. */
  readonly retry: (messageId: string) => void;
  /** Takes the text back into the draft; it will be another message. */
  readonly edit: (messageId: string) => void;
  readonly discard: (messageId: string) => void;
}
