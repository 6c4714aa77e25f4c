import type { Answer, Failure } from '@/domain/failure';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxMessage, SealedMessage } from './outbox-items';
import { createPauses, isLineFault } from './pauses';

export interface SendQueue {
  /** Sends what can be sent. */
  readonly send: () => void;
  /** The same, but while the line is down it waits. */
  readonly goOn: () => void;
  readonly isSending: (id: string) => boolean;
}

export interface SendHandlers {
  readonly onStored: (stored: MessageWithCursor, message: OutboxMessage) => void;
  /** Whether the room is known to have had the message: it is there, or was taken back. */
  readonly isHeard: (id: MessageId) => boolean;
  /** A message is no longer on its way, whatever became of it. */
  readonly onAnswer: () => void;
  /** A message that the server does not have is sealed with a key that was replaced. */
  readonly onStale: (message: OutboxMessage) => void;
}

/** Sends one message at a time, in the order of writing, each until it is stored or refused. */
export function createSendQueue(context: SessionContext, items: OutboxItems, handlers: SendHandlers): SendQueue {
  const { api, roomId, page, over, onRefused } = context;
  const { posting } = context.voice;
  const pauses = createPauses(context, items, send);
  let sending: MessageId | null = null;
  /** The wait was over while the next message was still being sealed: it does not wait once more. */
  let isDue = false;

  function send() {
    if (over.aborted || sending !== null) return;
    const next = nextOf(items);
    isDue = next === null && items.get().waiting;
    if (next === null) return;
    // What an older page says may mean something else by now, and a page that is behind knows no key to say it with.
    if (page.isOutdated() || posting.standing.get().state !== 'current') items.setWaiting(true);
    else if (next.tried) void post(next);
    // While the line was down the key may have been replaced, because somebody who has it was removed.
    else if (!posting.isFresh()) void refresh();
    else if (!posting.isCurrent(next.words)) handlers.onStale(next);
    else void post(next);
  }

  async function refresh() {
    await posting.refresh();
    if (over.aborted) return;
    if (posting.isFresh()) send();
    else pauses.wait();
  }

  async function post(message: SealedMessage) {
    const { id, words, tried } = message;
    sending = id;
    if (!tried) items.change(id, (item) => ({ ...item, tried: true }));
    const answer = await api.sendMessage(roomId, { id, ...words });
    sending = null;
    if (over.aborted) return;
    if (!answer.ok && isLineFault(answer.failure)) pauses.wait();
    else if (!answer.ok && answer.failure.reason === 'epoch_changed') await followKey(message);
    else settle(message, answer);
    handlers.onAnswer();
  }

  /** The server looked for the message and does not have it, and takes nothing more that is sealed like this. */
  async function followKey({ id, words }: SealedMessage) {
    items.change(id, ({ tried: _tried, ...item }) => item);
    await posting.leave(words);
    const item = items.messages().find((candidate) => candidate.id === id);
    if (!over.aborted && item !== undefined && !posting.isCurrent(words)) handlers.onStale(item);
    else send();
  }

  /** Meanwhile the message may have been taken back, or the room heard to have it: then it has left the outbox. */
  function settle(message: OutboxMessage, answer: Answer<MessageWithCursor>) {
    const { id, tried } = message;
    const isWanted = items.find(id)?.kind === 'message';
    if (answer.ok) {
      pauses.end();
      if (isWanted) {
        handlers.onStored(answer.value, message);
        items.remove(id);
      }
    } else {
      if (isWanted && handlers.isHeard(id)) items.remove(id);
      else items.change(id, (item) => refused(item, answer.failure, tried));
      onRefused(answer.failure);
    }
    send();
  }

  return {
    send,
    goOn: () => (items.get().waiting && !isDue ? pauses.wait() : send()),
    isSending: (id) => sending === id,
  };
}

/** Refusals that the server gives only after it has looked for the message: it is not there. */
const NOT_STORED: readonly Failure['reason'][] = ['message_id_taken', 'message_limit_reached', 'not_the_author'];

/**
 * What the server refuses at the first attempt it has not stored, unless it broke over it. After an attempt whose answer
 * was lost, though, a pace or a limit may refuse the repeat before anything looks for the message, which may be there.
 */
function refused({ tried: _tried, ...item }: OutboxMessage, failure: Failure, triedBefore?: true): OutboxMessage {
  const { reason } = failure;
  const mayBeStored = triedBefore ? !NOT_STORED.includes(reason) : reason === 'internal_error';
  return { ...item, failure, ...(mayBeStored && { tried: true }) };
}

/** The first message that is to be sent, unless it is still being sealed. */
function nextOf(items: OutboxItems): SealedMessage | null {
  const next = items.messages().find(({ failure }) => failure === undefined);
  return next === undefined || next.words === null ? null : { ...next, words: next.words };
}
