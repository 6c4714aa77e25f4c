import { arrived, createDeferred, type Deferred } from '@/lib/deferred';
import type { Answer, Failure } from '@/domain/failure';
import type { MemberId, RoomId } from '@/domain/room';
import type { EventData } from '@/domain/events';
import type { RoomSecret } from '@/crypto/fragment';
import type { Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import type { TalkAnswer } from './whispered';

/** A room of two that somebody here has made for one other person. */
export interface PrivateRoom {
  readonly roomId: RoomId;
  readonly secret: RoomSecret;
  /** The path of the room with its key. */
  readonly path: string;
  /** How long it lives from now on. */
  readonly leftMs: number;
  /** Whether somebody else has come in. */
  readonly isMet: () => Promise<boolean>;
  /** Ends it, where nobody is to come any more. */
  readonly close: () => void;
}

/** The part of BroadcastChannel that the tabs of a browser need to agree on what was answered. */
export interface TalkChannel {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close: () => void;
}

/** What private talk takes of the browser, fetched together with the code that needs it. */
export interface PrivateTalkParts {
  readonly createTalks: (context: SessionContext, people: TalkPeople, parts: PrivateTalkParts) => Talks;
  readonly openRoom: (lifetimeSeconds: number) => Promise<Answer<PrivateRoom>>;
  /** Absent where the browser has none: then each tab is by itself. */
  readonly openChannel: ((name: string) => TalkChannel) | undefined;
}

export type TalkPeople = Pick<People, 'list'>;

/**
 * What became of asking somebody: `left`, the seat that was asked is no more; `unverified`, nobody can tell whose keys the seat has;
 * `failed`, something else went wrong.
 */
export type AskState = 'waiting' | 'opened' | 'declined' | 'away' | 'no-answer' | 'left' | 'unverified' | 'failed';

/** Somebody was asked for a private talk. */
export interface Ask {
  readonly to: MemberId;
  readonly state: AskState;
  /** The way to the room, once it is there and while it is worth going. */
  readonly path: string | null;
  /** With `failed`. */
  readonly failure: Failure | null;
}

/** Somebody offers a private talk. */
export interface TalkOffer {
  readonly id: string;
  readonly from: MemberId;
  readonly path: string;
}

/** The private talks that this page has asked for, and those that it was offered. */
export interface Talks {
  readonly asks: Readable<readonly Ask[]>;
  readonly offers: Readable<readonly TalkOffer[]>;
  /** Makes a sealed room of two seats, and offers it to this member alone. */
  readonly ask: (to: MemberId) => void;
  /** This person has gone to the room. */
  readonly enter: (to: MemberId) => void;
  /** Takes the offer back where it still stands, and the sentence about it off the screen. */
  readonly dismiss: (to: MemberId) => void;
  readonly answer: (id: string, answer: TalkAnswer) => void;
  readonly hear: (whisper: EventData<'member.whispered'>) => void;
}

export interface PrivateTalk {
  /** Fetched when somebody whispers, or this person asks; null where the page has no such thing. */
  readonly talks: Deferred<Talks> | null;
  readonly hear: Talks['hear'];
}

/** `session`: asked once the code is there, as it is made after the context. */
export function createPrivateTalk(
  { loadPrivateTalk: load, random }: Pick<SessionContext, 'loadPrivateTalk' | 'random'>,
  session: () => { readonly context: SessionContext; readonly people: TalkPeople },
): PrivateTalk {
  if (load === undefined) return { talks: null, hear: () => undefined };
  const talks = createDeferred(async () => {
    const parts = await load();
    const { context, people } = session();
    return parts.createTalks(context, people, parts);
  }, random);
  return { talks, hear: (whisper) => void arrived(talks).then(({ hear }) => hear(whisper)) };
}
