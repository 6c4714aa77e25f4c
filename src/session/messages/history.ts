import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { compareCursors, earlierCursor, type Cursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { createOlderPages, type TakePage } from './older-pages';
import type { ReadState } from './transcript-store';

/** The state says how much of what was said before has been read. */
export interface History extends Readable<ReadState> {
  /** Reads now. */
  readonly read: () => void;
  /** Reads because something may have been missed: soon, but not over and over. */
  readonly readAgain: () => void;
  /** Reads the page before those that were read. */
  readonly readOlder: () => void;
  /** The stream has brought all events up to this one. */
  readonly reach: (cursor: Cursor) => void;
}

/** Readings closer to each other than this wait longer each time. */
const STEADY_MS = 5_000;
/** Writers of the stock library publish a moment after they store, so an older event may still be on its way. */
const OVERLAP_MS = 1_000;

/** How far a reading came, and why it came no further. */
interface Reading {
  reached: Cursor | null;
  failure?: Failure;
}

/**
 * Reads what was said: at first the newest page, after which the stream goes on; older ones when asked to. Where something
 * may have been missed, it reads forward from the last place up to which nothing was. `onRead`: the stream goes on from here.
 */
export function createHistory(context: SessionContext, take: TakePage, onRead: (cursor: Cursor) => void): History {
  const { page, random, over, ownName, onRefused } = context;
  const store = createStore<ReadState>({ state: 'loading', older: 'none' });
  const change = (changed: Partial<ReadState>) => store.set({ ...store.get(), ...changed });
  const older = createOlderPages(context, take, (state) => change({ older: state }));
  const retry = createRetry(PAGE_RETRY, random);
  let reading = false;
  let wanted = false;
  let readAt = -Infinity;
  const place = createPlace();

  async function read() {
    retry.cancel();
    wanted = true;
    if (reading) return;
    reading = true;
    let outcome: Reading = { reached: place.cursor() };
    // A miss while a page was read may be on a page before it: once more.
    while (wanted) {
      wanted = false;
      outcome = await readOn(context, place.cursor(), take, older.begin);
      place.move(outcome.reached);
    }
    reading = false;
    if (!over.aborted) finish(outcome);
  }

  function finish({ reached, failure }: Reading) {
    if (failure === undefined && reached !== null) {
      readAt = Date.now();
      place.catchUp();
      change({ state: 'ready' });
      onRead(reached);
      return;
    }
    change({ state: 'failed' });
    readLater((failure?.retryAfterSeconds ?? 0) * 1_000);
    // The roll is called only after the history is read, and messages being written do not wait for that.
    ownName.settle();
    if (failure !== undefined) onRefused(failure);
  }

  const readLater = (extraMs?: number) => retry.schedule(() => void read(), extraMs);
  const unfollow = page.follow((signal) => {
    if (signal !== 'online' && signal !== 'visible') return;
    if (store.get().state === 'failed') void read();
    if (store.get().older === 'failed') older.read();
  });
  over.addEventListener('abort', () => {
    retry.cancel();
    older.stop();
    unfollow();
  });

  return {
    get: store.get,
    subscribe: store.subscribe,
    read: () => void read(),
    readAgain: () => {
      place.miss();
      if (Date.now() - readAt < STEADY_MS) {
        readLater();
        return;
      }
      retry.reset();
      void read();
    },
    readOlder: older.read,
    reach: place.reach,
  };
}

/** The last place up to which nothing was missed; null until the newest page has been read. */
function createPlace() {
  let place: Cursor | null = null;
  let hasMissed = false;
  return {
    cursor: () => place,
    move: (cursor: Cursor | null) => {
      place = cursor;
    },
    reach: (cursor: Cursor) => {
      // Until what was missed is read, there is a hole before what the stream brings.
      if (!hasMissed && place !== null && compareCursors(cursor, place) > 0) place = cursor;
    },
    miss: () => {
      if (!hasMissed && place !== null) place = earlierCursor(place, OVERLAP_MS);
      hasMissed = true;
    },
    catchUp: () => {
      hasMissed = false;
    },
  };
}

/** Reads on from a place or, where there is none or the server does not know it, from the newest page. */
async function readOn(
  context: SessionContext,
  place: Cursor | null,
  take: TakePage,
  onOlder: (before: Cursor | null) => void,
): Promise<Reading> {
  const forward = place === null ? null : await readForward(context, place, take);
  if (forward !== null) return forward;
  const answer = await context.api.readPage(context.roomId, 'end');
  if (!answer.ok) return { reached: null, failure: answer.failure };
  await take(answer.value);
  onOlder(answer.value.older);
  return { reached: answer.value.cursor };
}

/** Reads to the newest page. Null where the server has no such place in its stream. */
async function readForward(
  { api, roomId, over }: SessionContext,
  complete: Cursor,
  take: TakePage,
): Promise<Reading | null> {
  let reached = complete;
  for (let after = complete; ;) {
    const answer = await api.readMessages(roomId, after);
    if (!answer.ok) {
      const { failure } = answer;
      return failure.reason === 'invalid_request' ? null : { reached, failure };
    }
    const { messages, cursor } = answer.value;
    if (compareCursors(cursor, after) < 0) return null;
    await take(answer.value);
    reached = cursor;
    // A page is cut by its size as well, so a short one is not the last; the last one's cursor is past its messages.
    const last = messages.at(-1);
    // A place that does not move would be asked for over and over.
    const isLast = last === undefined || compareCursors(cursor, last.cursor) > 0 || compareCursors(cursor, after) === 0;
    if (over.aborted || isLast) return { reached };
    after = cursor;
  }
}
