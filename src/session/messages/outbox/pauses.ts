import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems } from './outbox-items';

/** When the outbox sends nothing. */
export interface Pauses {
  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  readonly wait: () => void;
  /** The server wants a pause. */
  readonly rest: (failure: Failure) => void;
  readonly isResting: () => boolean;
  /** The line works. */
  readonly end: () => void;
}

export function createPauses(
  { random, connection, over }: SessionContext,
  items: OutboxItems,
  send: () => void,
): Pauses {
  const retry = createRetry(PAGE_RETRY, random);
  let isResting = false;

  function wait() {
    items.setWaiting(true);
    if (!retry.isScheduled()) retry.schedule(send);
  }

  function followLine() {
    const { state } = connection.get();
    // Before the first attempt has ended there is no reason to think that the line is down.
    if (over.aborted || isResting || state === 'connecting') return;
    retry.reset();
    if (state !== 'live') {
      wait();
      return;
    }
    retry.cancel();
    items.setWaiting(false);
    send();
  }

  connection.subscribe(followLine);
  over.addEventListener('abort', retry.cancel);
  return {
    wait,
    rest: ({ retryAfterSeconds = 0 }) => {
      isResting = true;
      const goOn = () => {
        isResting = false;
        send();
      };
      retry.schedule(goOn, retryAfterSeconds * 1_000);
    },
    isResting: () => isResting,
    end: () => {
      retry.reset();
      items.setWaiting(false);
    },
  };
}
