import { PAGE_RETRY } from '@/client/line';
import type { Answer, Failure } from '@/domain/failure';
import { REMOVALS_PER_REQUEST_MAX } from '@/domain/limits';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxMessage, OutboxRemoval } from './outbox-items';

export interface SendQueue {
  /** Sends what can be sent. */
  readonly send: () => void;
  /** The same, but while the line is down it waits. */
  readonly goOn: () => void;
  readonly isSending: (id: string) => boolean;
}

export interface SendHandlers {
  readonly onStored: (stored: MessageWithCursor, message: OutboxMessage) => void;
  /** A message was taken back; `isUnknown`: the server says that it never had it. */
  readonly onTakenBack: (id: MessageId, isUnknown: boolean) => void;
  /** A message may not be taken back. */
  readonly onKept: (failure: Failure) => void;
}

/** The line's fault, not the message's: the same message is sent when the line is back. */
const LINE_FAULTS: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable'];

/** Sends one thing at a time, in the order of writing, each until it is done or refused. */
export function createSendQueue(context: SessionContext, items: OutboxItems, handlers: SendHandlers): SendQueue {
  const { api, roomId, page, random, connection, over, onRefused } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let sending: MessageId | null = null;
  /** The server wants a pause. */
  let resting = false;

  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  function wait() {
    items.setWaiting(true);
    if (!retry.isScheduled()) retry.schedule(send);
  }

  function rest({ retryAfterSeconds = 0 }: Failure) {
    resting = true;
    retry.schedule(() => {
      resting = false;
      send();
    }, retryAfterSeconds * 1_000);
  }

  function send() {
    if (over.aborted || sending !== null || resting) return;
    const next = items.get().items.find((item) => item.kind === 'removal' || item.failure === undefined);
    if (next === undefined || (next.kind === 'message' && next.words === null)) return;
    if (page.isOutdated()) {
      // What an older page says may mean something else by now.
      items.setWaiting(true);
      return;
    }
    sending = next.id;
    void (next.kind === 'removal' ? remove(next) : post(next));
  }

  async function post(message: OutboxMessage) {
    const { id, words } = message;
    if (words === null) return;
    if (!message.tried) items.change(id, (item) => ({ ...item, tried: true }));
    const answer = await api.sendMessage(roomId, { id, ...words });
    sending = null;
    if (!over.aborted) settle(message, answer);
  }

  function settle(message: OutboxMessage, answer: Answer<MessageWithCursor>) {
    const { id } = message;
    const isTakenBack = items.find(id)?.kind === 'removal';
    if (answer.ok) {
      done();
      if (!isTakenBack) {
        handlers.onStored(answer.value, message);
        items.remove(id);
      }
    } else {
      const { failure } = answer;
      if (LINE_FAULTS.includes(failure.reason)) {
        wait();
        return;
      }
      // Refused, it was not stored: nothing is left to be taken back.
      if (isTakenBack) items.remove(id);
      else items.change(id, ({ tried: _tried, ...item }) => ({ ...item, failure }));
      onRefused(failure);
    }
    send();
  }

  async function remove({ id, ids }: OutboxRemoval) {
    let left = ids;
    let isUnknown = false;
    while (left.length > 0 && !over.aborted) {
      const answer = await api.takeBack(roomId, left.slice(0, REMOVALS_PER_REQUEST_MAX));
      isUnknown ||= !answer.ok && answer.failure.reason === 'not_found';
      if (!answer.ok && !isUnknown) {
        sending = null;
        keepTrying(id, answer.failure);
        return;
      }
      left = left.slice(REMOVALS_PER_REQUEST_MAX);
    }
    sending = null;
    if (over.aborted) return;
    done();
    items.remove(id);
    handlers.onTakenBack(id, isUnknown);
    send();
  }

  function keepTrying(id: MessageId, failure: Failure) {
    if (over.aborted) return;
    if (LINE_FAULTS.includes(failure.reason)) wait();
    else if (failure.reason === 'rate_limited') rest(failure);
    else {
      items.remove(id);
      handlers.onKept(failure);
      onRefused(failure);
      send();
    }
  }

  function done() {
    retry.reset();
    items.setWaiting(false);
  }

  function followLine() {
    const { state } = connection.get();
    // Before the first attempt has ended there is no reason to think that the line is down.
    if (over.aborted || resting || state === 'connecting') return;
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
