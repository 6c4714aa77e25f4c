import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { backoffMs, createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems } from './outbox-items';
import type { WaitReason } from './refusals';

/** No room lives longer, and timers take no wait of any length. */
const REST_MS_MAX = 3_600_000;

/** When the outbox sends no messages. */
export interface Pauses {
  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  readonly wait: () => void;
  /** Waits as long as the server asks, whatever the line does meanwhile. */
  readonly rest: (reason: WaitReason, retryAfterSeconds: Failure['retryAfterSeconds']) => void;
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
  let resting: ReturnType<typeof setTimeout> | undefined;
  let rests = 0;
  const isResting = () => resting !== undefined;

  function wait() {
    items.setWaiting(true);
    if (!isResting() && !retry.isScheduled()) retry.schedule(send);
  }

  function rest(reason: WaitReason, retryAfterSeconds = 0) {
    retry.cancel();
    // A moment more than asked, or all who were refused in a busy room would come back together.
    const extraMs = backoffMs(rests, PAGE_RETRY, random);
    rests += 1;
    const ms = Math.min(retryAfterSeconds * 1_000 + extraMs, REST_MS_MAX);
    items.setRest({ reason, until: Date.now() + ms });
    resting = setTimeout(() => {
      resting = undefined;
      items.setRest(null);
      send();
    }, ms);
  }

  function followLine() {
    const { state } = connection.get();
    // Before the first attempt has ended there is no reason to think that the line is down.
    if (over.aborted || state === 'connecting') return;
    retry.reset();
    if (state !== 'live') {
      wait();
      return;
    }
    retry.cancel();
    if (isResting()) return;
    items.setWaiting(false);
    send();
  }

  connection.subscribe(followLine);
  over.addEventListener('abort', () => {
    retry.cancel();
    clearTimeout(resting);
  });
  return {
    wait,
    rest,
    isResting,
    end: () => {
      rests = 0;
      retry.reset();
      items.setWaiting(false);
    },
  };
}
