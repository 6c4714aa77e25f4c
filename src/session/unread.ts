import type { PageSignals } from '@/client/page-signals';
import { arrivedSince, endOf, hasWrittenSince, type Position } from '@/domain/arrived';
import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import type { MessageEntry, Transcript, TranscriptEntry } from './messages/transcript';

/** A message that is for the reader, and why: it names them, answers them, or offers everybody here a new room. */
export interface ForYou {
  readonly message: MessageEntry;
  readonly why: NonNullable<MessageEntry['forYou']> | 'offer';
}

/** Messages that came while nobody looked at the end of the talk. A page that is in sight is looked at, whether it has the focus or not. */
export interface Unread {
  /** Messages of others that are still there. */
  readonly count: number;
  /** The newest of them. */
  readonly latest: MessageEntry | null;
  /** Those of them that are for the reader. */
  readonly forYou: number;
  /** The newest of these. */
  readonly latestForYou: ForYou | null;
  /** The key of the message above which the line "New" stands, where the reader stopped. It stays while they catch up. */
  readonly line: string | null;
}

export interface UnreadMessages extends Readable<Unread> {
  /** The reader has scrolled to the end of the talk, or away from it. */
  readonly setAtEnd: (isAtEnd: boolean) => void;
}

const NOTHING: Unread = { count: 0, latest: null, forYou: 0, latestForYou: null, line: null };

const messagesSince = (position: Position, entries: readonly TranscriptEntry[]): readonly MessageEntry[] =>
  arrivedSince(position, entries).filter((entry) => entry.kind === 'message');

const isSame = (one: Unread, other: Unread) =>
  one.count === other.count &&
  one.latest === other.latest &&
  one.forYou === other.forYou &&
  one.latestForYou?.message === other.latestForYou?.message &&
  one.latestForYou?.why === other.latestForYou?.why &&
  one.line === other.line;

/** A link that anybody but the owner sends is a link like any other. */
function forYouOf(message: MessageEntry, isOwner: (memberId: MemberId) => boolean): ForYou | null {
  const why = message.forYou ?? (message.offer !== undefined && isOwner(message.memberId) ? 'offer' : undefined);
  return why === undefined ? null : { message, why };
}

/** Follows the transcript and the page, and never asks the network or a clock. */
export function createUnread(
  page: Pick<PageSignals, 'isVisible' | 'follow'>,
  transcript: Readable<Transcript>,
  isOwner: (memberId: MemberId) => boolean,
): UnreadMessages & {
  /** Whether the end of the talk is in sight. */
  readonly looking: Readable<boolean>;
  readonly stop: () => void;
} {
  const store = createStore(NOTHING);
  const line = createNewLine();
  let isAtEnd = true;
  /** The end of the talk at the last look; null until the page has read what was said before it came. */
  let end: Position | null = null;
  /** The end of the talk when the reader turned away; null while they look at it. */
  let left: Position | null = null;

  const isLooking = () => isAtEnd && page.isVisible();
  const looking = createStore(isLooking());

  function show() {
    const { entries } = transcript.get();
    const messages = left === null ? [] : messagesSince(left, entries);
    const forYou = messages.map((message) => forYouOf(message, isOwner)).filter((one) => one !== null);
    const next = {
      count: messages.length,
      latest: messages.at(-1) ?? null,
      forYou: forYou.length,
      latestForYou: forYou.at(-1) ?? null,
      line: line.keyIn(entries),
    };
    if (!isSame(next, store.get())) store.set(next);
  }

  function take({ state, older, entries }: Transcript) {
    // Everything that was said before one came is history, not news, a page that is read before any other included.
    if (end === null && (state !== 'ready' || (entries.length === 0 && older !== 'none'))) return;
    const isFirst = end === null;
    // Whoever writes has read what stands above, also where they wrote in another tab.
    const hasWritten = end !== null && hasWrittenSince(end, entries);
    end = endOf(entries);
    if (hasWritten || isFirst) {
      left = isLooking() ? null : end;
      line.place(left);
    }
    show();
  }

  function look() {
    looking.set(isLooking());
    if (end === null) return;
    if (isLooking()) {
      left = null;
      line.hold(transcript.get().entries);
    } else {
      left ??= end;
      // One who scrolls up to the line finds it; once the page is hidden, it has served.
      if (!page.isVisible() || store.get().line === null) line.place(left);
    }
    show();
  }

  transcript.subscribe(() => take(transcript.get()));
  take(transcript.get());
  const stop = page.follow((signal) => {
    if (signal === 'visible' || signal === 'hidden') look();
  });
  return {
    get: store.get,
    subscribe: store.subscribe,
    looking,
    stop,
    setAtEnd: (next) => {
      if (next === isAtEnd) return;
      isAtEnd = next;
      look();
    },
  };
}

/** The place of the line "New": above the first message of others between two positions. */
function createNewLine() {
  let after: Position | null = null;
  /** Messages that come while the reader looks on were not missed. */
  let until: Position | null = null;
  /** Where the line stood last, so that an arrival costs no search while it stands there still. */
  let found: { key: string; index: number } | null = null;

  function keyIn(entries: readonly TranscriptEntry[]): string | null {
    if (after === null) return null;
    const there = found === null ? undefined : entries[found.index];
    if (found !== null && there?.kind === 'message' && there.key === found.key) return found.key;
    const [first] = messagesSince(after, entries);
    const isMissed = first !== undefined && (until === null || messagesSince(until, entries)[0] !== first);
    found = isMissed ? { key: first.key, index: entries.indexOf(first) } : null;
    return found?.key ?? null;
  }

  function place(position: Position | null) {
    after = position;
    until = null;
    found = null;
  }

  return {
    keyIn,
    /** Above the first message that comes after this position, or nowhere. */
    place,
    /** The line stays where it stands; where there is none, there will be none. */
    hold: (entries: readonly TranscriptEntry[]) => {
      if (keyIn(entries) === null) place(null);
      else until = endOf(entries);
    },
  };
}
