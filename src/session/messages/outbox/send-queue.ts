import type { Answer, Failure } from '@/domain/failure';
import { REMOVALS_PER_REQUEST_MAX } from '@/domain/limits';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxMessage, OutboxRemoval } from './outbox-items';
import { createPauses } from './pauses';

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
  const { api, roomId, page, over, onRefused } = context;
  const pauses = createPauses(context, items, send);
  let sending: MessageId | null = null;
  /** The wait was over while the next message was still being sealed: it does not wait once more. */
  let isDue = false;

  function send() {
    if (over.aborted || sending !== null || pauses.isResting()) return;
    const next = nextOf(items);
    isDue = next === null && items.get().waiting;
    if (next === null) return;
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
      pauses.end();
      if (!isTakenBack) {
        handlers.onStored(answer.value, message);
        items.remove(id);
      }
    } else {
      const { failure } = answer;
      if (LINE_FAULTS.includes(failure.reason)) {
        pauses.wait();
        return;
      }
      if (!isTakenBack) items.change(id, (item) => refused(item, failure));
      onRefused(failure);
    }
    send();
  }

  async function remove({ id, ids }: OutboxRemoval) {
    const outcome = await removeAll(context, ids);
    sending = null;
    if (over.aborted) return;
    if (typeof outcome === 'object') {
      if (LINE_FAULTS.includes(outcome.reason)) pauses.wait();
      else if (outcome.reason === 'rate_limited') pauses.rest(outcome);
      else keep(id, outcome);
      return;
    }
    pauses.end();
    items.remove(id);
    handlers.onTakenBack(id, outcome === 'unknown');
    send();
  }

  function keep(id: MessageId, failure: Failure) {
    items.remove(id);
    handlers.onKept(failure);
    onRefused(failure);
    send();
  }

  return {
    send,
    goOn: () => (items.get().waiting && !isDue ? pauses.wait() : send()),
    isSending: (id) => sending === id,
  };
}

/** What the server refuses it has not stored, unless it broke over it. */
function refused({ tried, ...item }: OutboxMessage, failure: Failure): OutboxMessage {
  return { ...item, failure, ...(tried && failure.reason === 'internal_error' && { tried }) };
}

/** The first one that is to be sent, unless it is still being sealed. */
function nextOf(items: OutboxItems) {
  const next = items.get().items.find((item) => item.kind === 'removal' || item.failure === undefined);
  return next === undefined || (next.kind === 'message' && next.words === null) ? null : next;
}

/** Takes messages back, as many at a time as the server takes. What it does not know is as gone as can be. */
async function removeAll(
  { api, roomId, over }: SessionContext,
  ids: readonly MessageId[],
): Promise<'removed' | 'unknown' | Failure> {
  let outcome: 'removed' | 'unknown' = 'removed';
  for (let from = 0; from < ids.length && !over.aborted; from += REMOVALS_PER_REQUEST_MAX) {
    const answer = await api.takeBack(roomId, ids.slice(from, from + REMOVALS_PER_REQUEST_MAX));
    if (answer.ok) continue;
    if (answer.failure.reason !== 'not_found') return answer.failure;
    outcome = 'unknown';
  }
  return outcome;
}
