import { PAGE_RETRY } from '@/client/line';
import type { Answer, Failure } from '@/domain/failure';
import type { MessageWithCursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItem, OutboxItems } from './outbox-items';

export interface SendQueue {
  /** Sends what can be sent. */
  readonly send: () => void;
  /** The same, but while the line is down it waits. */
  readonly goOn: () => void;
  readonly isSending: (id: string) => boolean;
}

/** The line's fault, not the message's: the same message is sent when the line is back. */
const LINE_FAULTS: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable'];

/** Sends one message at a time, in the order of writing, each until it is stored or refused. */
export function createSendQueue(
  { api, roomId, random, connection, over, onRefused }: SessionContext,
  items: OutboxItems,
  onStored: (stored: MessageWithCursor, text: string) => void,
): SendQueue {
  const retry = createRetry(PAGE_RETRY, random);
  let sending: string | null = null;

  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  function wait() {
    items.setWaiting(true);
    if (!retry.isScheduled()) retry.schedule(send);
  }

  function send() {
    const next = items.get().items.find(({ failure }) => failure === undefined);
    if (over.aborted || sending !== null || !next?.words) return;
    sending = next.id;
    void api.sendMessage(roomId, { id: next.id, ...next.words }).then((answer) => {
      sending = null;
      if (!over.aborted) settle(next, answer);
    });
  }

  function settle({ id, text }: OutboxItem, answer: Answer<MessageWithCursor>) {
    if (answer.ok) {
      retry.reset();
      onStored(answer.value, text);
      items.remove(id);
      items.setWaiting(false);
    } else {
      const { failure } = answer;
      if (LINE_FAULTS.includes(failure.reason)) {
        wait();
        return;
      }
      items.change(id, (item) => ({ ...item, failure }));
      onRefused(failure);
    }
    send();
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
    send,
    goOn: () => (items.get().waiting ? wait() : send()),
    isSending: (id) => sending === id,
  };
}
