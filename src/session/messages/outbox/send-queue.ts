import type { Failure } from '@/domain/failure';
import type { Cursor, MessageId, MessageWithCursor } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxMessage, SealedMessage } from './outbox-items';
import { createPauses } from './pauses';
import { isWaitReason, mayBeStored, remedyOf } from './refusals';

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
  /** The newest event that was heard of; undefined while there is none. */
  readonly newest: () => Cursor | undefined;
}

/** Sends one message at a time, in the order of writing, each until it is stored or refused for good. */
export function createSendQueue(context: SessionContext, items: OutboxItems, handlers: SendHandlers): SendQueue {
  const { api, roomId, page, over } = context;
  const { posting } = context.voice;
  const pauses = createPauses(context, items, send);
  const settling = createSettling(items, handlers);
  let sending: MessageId | null = null;
  /** The wait was over while the next message was still being sealed: it does not wait once more. */
  let isDue = false;

  function send() {
    if (over.aborted || sending !== null || pauses.isResting()) return;
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
    const { id, words, tried = false } = message;
    sending = id;
    if (!tried) items.change(id, (item) => ({ ...item, tried: true }));
    const answer = await api.sendMessage(roomId, { id, ...words });
    sending = null;
    if (over.aborted) return;
    if (answer.ok) {
      pauses.end();
      settling.store(message, answer.value);
      send();
    } else await mend(message, answer.failure, tried);
    handlers.onAnswer();
  }

  async function mend(message: SealedMessage, failure: Failure, wasTried: boolean) {
    const { reason, retryAfterSeconds } = failure;
    const remedy = remedyOf(failure);
    if (remedy === 'line') pauses.wait();
    else if (remedy === 'key') await followKey(message);
    else if (isWaitReason(reason)) {
      settling.keep(message.id, failure, wasTried);
      pauses.rest(reason, retryAfterSeconds);
    } else {
      settling.refuse(message.id, failure, wasTried);
      context.onRefused(failure);
      send();
    }
  }

  /** The server looked for the message and does not have it, and takes nothing more that is sealed like this. */
  async function followKey({ id, words }: SealedMessage) {
    items.change(id, ({ tried: _tried, ...item }) => item);
    await posting.leave(words);
    const item = items.messages().find((candidate) => candidate.id === id);
    if (!over.aborted && item !== undefined && !posting.isCurrent(words)) handlers.onStale(item);
    else send();
  }

  return {
    send,
    goOn: () => (items.get().waiting && !isDue ? pauses.wait() : send()),
    isSending: (id) => sending === id,
  };
}

/** What becomes of messages that were answered. Meanwhile they may have been taken back: then they have left the outbox. */
function createSettling(
  items: OutboxItems,
  { onStored, isHeard, newest }: Pick<SendHandlers, 'onStored' | 'isHeard' | 'newest'>,
) {
  const isWanted = (id: MessageId) => items.find(id)?.kind === 'message';

  /** A refused repeat of a message that the room is heard to have is no news. */
  function change(id: MessageId, update: (item: OutboxMessage) => OutboxMessage) {
    if (isWanted(id) && isHeard(id)) items.remove(id);
    else items.change(id, update);
  }

  const answered = ({ tried: _tried, ...item }: OutboxMessage, failure: Failure, wasTried: boolean) => ({
    ...item,
    ...(mayBeStored(failure, wasTried) && { tried: true as const }),
  });

  return {
    store: (message: OutboxMessage, stored: MessageWithCursor) => {
      if (!isWanted(message.id)) return;
      onStored(stored, message);
      items.remove(message.id);
    },
    keep: (id: MessageId, failure: Failure, wasTried: boolean) =>
      change(id, (item) => answered(item, failure, wasTried)),
    refuse: (id: MessageId, failure: Failure, wasTried: boolean) =>
      change(id, (item) => {
        const after = item.after ?? newest();
        return { ...answered(item, failure, wasTried), failure, ...(after && { after }) };
      }),
  };
}

/** The first message that is to be sent, unless it is still being sealed. */
function nextOf(items: OutboxItems): SealedMessage | null {
  const next = items.messages().find(({ failure }) => failure === undefined);
  return next === undefined || next.words === null ? null : { ...next, words: next.words };
}
