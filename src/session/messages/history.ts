import type { RoomApi } from '@/client/api';
import type { Failure } from '@/domain/failure';
import type { PageSignals } from '@/client/page-signals';
import { PAGE_RETRY } from '@/client/line';
import { compareCursors, CURSOR_START, type Cursor, type MessageWithCursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { backoffMs } from '@/lib/retry';
import type { Placed, TranscriptLog } from './transcript';

export interface HistoryEnvironment {
  readonly api: RoomApi;
  readonly page: PageSignals;
  readonly random: () => number;
  readonly roomId: RoomId;
  readonly transcript: TranscriptLog;
  readonly open: (message: MessageWithCursor) => Promise<Placed>;
  /** The whole history stands in the transcript; the stream goes on from this cursor. */
  readonly onRead: (cursor: Cursor) => void;
  readonly onRefused: (failure: Failure) => void;
  /** A message could not even be tried to open, which is a fault of ours; the others stand without it. */
  readonly onFault: (fault: unknown) => void;
}

export interface History {
  /** Reads now. */
  readonly read: () => void;
  /** Reads because something may have been missed: soon, but not over and over. */
  readonly readAfresh: () => void;
  readonly stop: () => void;
}

/** Readings closer to each other than this wait longer each time. */
const STEADY_MS = 5_000;

/** What was said before the stream is followed, read page by page, and again until it worked. */
export function createHistory(environment: HistoryEnvironment): History {
  const { api, page, random, roomId, transcript, open, onRead, onRefused, onFault } = environment;
  let reading = false;
  let wanted = false;
  let stopped = false;
  let attempt = 0;
  let readAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Where a reading that failed goes on: a long history that began anew each time might never be read to its end. */
  let from = CURSOR_START;

  /** The cursor at the end, or why it could not be reached. */
  async function readPages(): Promise<Cursor | Failure> {
    const begun = from;
    from = CURSOR_START;
    for (let after = begun; ;) {
      const answer = await api.readMessages(roomId, after);
      if (!answer.ok) {
        from = after;
        return answer.failure;
      }
      const { messages, cursor } = answer.value;
      const opened = await Promise.allSettled(messages.map(open));
      if (stopped) return cursor;
      transcript.put(opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
      for (const outcome of opened) if (outcome.status === 'rejected') onFault(outcome.reason);
      // A page is cut by its size as well, so that a short one is not the last; the last one's cursor is past its messages.
      const last = messages.at(-1);
      if (last === undefined || compareCursors(cursor, last.cursor) > 0) return cursor;
      after = cursor;
    }
  }

  async function read() {
    clearTimeout(timer);
    wanted = true;
    if (reading) return;
    reading = true;
    let end: Cursor | Failure = CURSOR_START;
    // What is missed while a page is read may be on a page that has been read: once more.
    while (wanted) {
      wanted = false;
      end = await readPages();
    }
    reading = false;
    if (stopped) return;
    if (typeof end === 'string') {
      readAt = Date.now();
      transcript.setState('ready');
      onRead(end);
    } else {
      transcript.setState('failed');
      readLater((end.retryAfterSeconds ?? 0) * 1_000);
      onRefused(end);
    }
  }

  function readLater(waitMs = 0) {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), waitMs + backoffMs(attempt, PAGE_RETRY, random));
    attempt += 1;
  }

  const unfollow = page.follow((signal) => {
    if (transcript.get().state === 'failed' && (signal === 'online' || signal === 'visible')) void read();
  });

  return {
    read: () => void read(),
    readAfresh: () => {
      if (Date.now() - readAt < STEADY_MS) {
        readLater();
        return;
      }
      attempt = 0;
      void read();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      unfollow();
    },
  };
}
