import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems } from './outbox-items';

/** When the outbox sends no messages. */
export interface Pauses {
  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  readonly wait: () => void;
  /** The line works. */
  readonly end: () => void;
}

export function createPauses(
  { random, connection, over }: SessionContext,
  items: OutboxItems,
  send: () => void,
): Pauses {
  const retry = createRetry(PAGE_RETRY, random);

  function wait() {
    items.setWaiting(true);
    if (!retry.isScheduled()) retry.schedule(send);
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
    items.setWaiting(false);
    send();
  }

  connection.subscribe(followLine);
  over.addEventListener('abort', retry.cancel);
  return {
    wait,
    end: () => {
      retry.reset();
      items.setWaiting(false);
    },
  };
}

/** The line's fault, not that of what is sent: the same is sent when the line is back. */
const LINE_FAULTS: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable'];

export const isLineFault = ({ reason }: Failure): boolean => LINE_FAULTS.includes(reason);
