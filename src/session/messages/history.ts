import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { compareCursors, CURSOR_START, type Cursor, type MessageWithCursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Transcript } from './transcript';

/** The state says whether all that was said before has been read. */
export interface History extends Readable<Transcript['state']> {
  /** Reads now. */
  readonly read: () => void;
  /** Reads because something may have been missed: soon, but not over and over. */
  readonly readAgain: () => void;
}

type Take = (messages: readonly MessageWithCursor[]) => Promise<void>;

/** Readings closer to each other than this wait longer each time. */
const STEADY_MS = 5_000;

/**
 * Reads what was said before the stream is followed, page by page, and tries again until it works. `onRead`: all of it has
 * been read, and the stream goes on from this cursor.
 */
export function createHistory(context: SessionContext, take: Take, onRead: (cursor: Cursor) => void): History {
  const { page, random, over, ownName, onRefused } = context;
  const state = createStore<Transcript['state']>('loading');
  const retry = createRetry(PAGE_RETRY, random);
  let reading = false;
  let wanted = false;
  let readAt = -Infinity;
  /** A reading that failed goes on here: a long history that began from its start each time might never be read to its end. */
  let start = CURSOR_START;

  async function read() {
    retry.cancel();
    wanted = true;
    if (reading) return;
    reading = true;
    let outcome: Reading = { reached: start };
    // Whatever was missed while a page was read may be on a page before it: once more.
    while (wanted) {
      wanted = false;
      outcome = await readPages(context, start, take);
      start = outcome.failure === undefined ? CURSOR_START : outcome.reached;
    }
    reading = false;
    if (!over.aborted) finish(outcome);
  }

  function finish({ reached, failure }: Reading) {
    if (failure === undefined) {
      readAt = Date.now();
      state.set('ready');
      onRead(reached);
      return;
    }
    state.set('failed');
    readLater((failure.retryAfterSeconds ?? 0) * 1_000);
    // The roll is called only after the history is read, and messages being written do not wait for that.
    ownName.settle();
    onRefused(failure);
  }

  const readLater = (extraMs?: number) => retry.schedule(() => void read(), extraMs);
  const unfollow = page.follow((signal) => {
    if (state.get() === 'failed' && (signal === 'online' || signal === 'visible')) void read();
  });
  over.addEventListener('abort', () => {
    retry.cancel();
    unfollow();
  });

  return {
    get: state.get,
    subscribe: state.subscribe,
    read: () => void read(),
    readAgain: () => {
      if (Date.now() - readAt < STEADY_MS) {
        readLater();
        return;
      }
      retry.reset();
      void read();
    },
  };
}

/** How far a reading came, and why it came no further. */
interface Reading {
  reached: Cursor;
  failure?: Failure;
}

async function readPages({ api, roomId, over }: SessionContext, start: Cursor, take: Take): Promise<Reading> {
  for (let after = start; ;) {
    const answer = await api.readMessages(roomId, after);
    if (!answer.ok) return { reached: after, failure: answer.failure };
    const { messages, cursor } = answer.value;
    await take(messages);
    // A page is cut by its size as well, so a short one is not the last; the last one's cursor is past its messages.
    const last = messages.at(-1);
    if (over.aborted || last === undefined || compareCursors(cursor, last.cursor) > 0) return { reached: cursor };
    after = cursor;
  }
}
