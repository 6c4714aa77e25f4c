import { PAGE_RETRY } from '@/client/line';
import type { Cursor, MessageId, MessageWithCursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OlderPages } from './transcript';

/** Takes over a page of the history: its messages, and the ids of those that were taken back. */
export type TakePage = (page: {
  messages: readonly MessageWithCursor[];
  removed: readonly MessageId[];
}) => Promise<void>;

export interface OlderReading {
  /** The newest page was read; null: it is the first one as well. */
  readonly begin: (before: Cursor | null) => void;
  /** Reads a page, and tries again until it works; does nothing while that is under way, or at the beginning. */
  readonly read: () => void;
  /** Nothing more is tried again. */
  readonly stop: () => void;
}

/** Reads the pages before the newest one, one at a time, each when it is asked for. */
export function createOlderPages(
  { api, roomId, random, over, onRefused }: SessionContext,
  take: TakePage,
  onState: (state: OlderPages) => void,
): OlderReading {
  const retry = createRetry(PAGE_RETRY, random);
  let before: Cursor | null = null;
  let reading = false;

  function begin(next: Cursor | null) {
    before = next;
    onState(next === null ? 'none' : 'more');
  }

  async function read() {
    retry.cancel();
    if (reading || before === null) return;
    reading = true;
    onState('loading');
    const asked = before;
    const answer = await api.readPage(roomId, asked);
    if (answer.ok) await take(answer.value);
    reading = false;
    if (over.aborted) return;
    if (answer.ok) {
      retry.reset();
      // The newest page may have been read again meanwhile: then it goes on from there.
      begin(before === asked ? answer.value.older : before);
      return;
    }
    const { failure } = answer;
    onState('failed');
    retry.schedule(() => void read(), (failure.retryAfterSeconds ?? 0) * 1_000);
    onRefused(failure);
  }

  return { begin, read: () => void read(), stop: retry.cancel };
}
