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
    if (answer.ok) keep(message, answer.value);
    else await mend(message, answer.failure, tried);
    handlers.onAnswer();
  }

  async function mend(message: SealedMessage, failure: Failure, wasTried: boolean) {
    const { reason, retryAfterSeconds } = failure;
    const remedy = remedyOf(failure);
    if (remedy === 'line') pauses.wait();
    else if (remedy === 'key') await followKey(message);
    else if (isWaitReason(reason)) {
      dropHeard(message);
      items.change(message.id, (item) => answered(item, failure, wasTried));
      pauses.rest(reason, retryAfterSeconds);
    } else refuse(message, failure, wasTried);
  }

  /** The server looked for the message and does not have it, and takes nothing more that is sealed like this. */
  async function followKey({ id, words }: SealedMessage) {
    items.change(id, ({ tried: _tried, ...item }) => item);
    await posting.leave(words);
    const item = items.messages().find((candidate) => candidate.id === id);
    if (!over.aborted && item !== undefined && !posting.isCurrent(words)) handlers.onStale(item);
    else send();
  }

  function keep(message: OutboxMessage, stored: MessageWithCursor) {
    pauses.end();
    // Meanwhile it may have been taken back, or the room heard to have it: then it has left the outbox.
    if (items.find(message.id)?.kind === 'message') {
      handlers.onStored(stored, message);
      items.remove(message.id);
    }
    send();
  }

  function refuse(message: OutboxMessage, failure: Failure, wasTried: boolean) {
    dropHeard(message);
    items.change(message.id, (item) => {
      const after = item.after ?? handlers.newest();
      return { ...answered(item, failure, wasTried), failure, ...(after && { after }) };
    });
    context.onRefused(failure);
    send();
  }

  /** A refused repeat of what the room is heard to have is no news. */
  function dropHeard({ id }: OutboxMessage) {
    if (items.find(id)?.kind === 'message' && handlers.isHeard(id)) items.remove(id);
  }

  return {
    send,
    goOn: () => (items.get().waiting && !isDue ? pauses.wait() : send()),
    isSending: (id) => sending === id,
  };
}

function answered({ tried: _tried, ...item }: OutboxMessage, failure: Failure, wasTried: boolean): OutboxMessage {
  return { ...item, ...(mayBeStored(failure, wasTried) && { tried: true }) };
}

/** The first message that is to be sent, unless it is still being sealed. */
function nextOf(items: OutboxItems): SealedMessage | null {
  const next = items.messages().find(({ failure }) => failure === undefined);
  return next === undefined || next.words === null ? null : { ...next, words: next.words };
}
