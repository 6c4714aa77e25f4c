import { nanoid } from 'nanoid';
import { messageIdSchema, sealedContentSchema, type MessageId, type MessageWithCursor } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import { sayMessage } from '@/session/speech';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage } from './outbox-storage';
import { createOutboxItems, type OutboxItem, type OutboxItems } from './outbox-items';
import { createSendQueue } from './send-queue';

export interface Outbox extends Pick<OutboxItems, 'get' | 'subscribe' | 'clear'> {
  readonly send: (text: string) => void;
  /** Sends a message again that the server has refused. */
  readonly retry: (id: string) => void;
  /** Removes a message and returns its text, unless it is being sent this moment. */
  readonly take: (id: string) => string | null;
  /** Brings back what was written before this page was loaded. */
  readonly recall: () => Promise<void>;
}

/** One's own messages that are not stored yet: sealed at once, kept over a reload, sent in order. */
export function createOutbox(
  context: SessionContext,
  onStored: (stored: MessageWithCursor, text: string) => void,
): Outbox {
  const { clock, ownName, over } = context;
  const items = createOutboxItems();
  const queue = createSendQueue(context, items, onStored);

  function add(item: OutboxItem) {
    items.add(item);
    queue.goOn();
  }

  /** Also while the line is down, so that the message can be kept over a reload. */
  async function sealItem(id: MessageId, text: string) {
    await ownName.settled;
    const words = await sayMessage(context, id, ownName.get(), text);
    items.change(id, (item) => ({ ...item, words }));
    queue.goOn();
  }

  const stopKeeping = items.subscribe(() => keep(context, items.get().items));
  // The outbox of a room that has ended may have been forgotten already: nothing is kept after this.
  over.addEventListener('abort', stopKeeping);
  return {
    get: items.get,
    subscribe: items.subscribe,
    clear: items.clear,
    send: (text) => {
      const id = messageIdSchema.parse(nanoid());
      add({ id, text, timestamp: clock.now(), words: null });
      void sealItem(id, text);
    },
    retry: (id) => {
      if (queue.isSending(id)) return;
      items.change(id, ({ failure: _failure, ...item }) => item);
      queue.send();
    },
    take: (id) => {
      const item = items.get().items.find((candidate) => candidate.id === id);
      if (item === undefined || queue.isSending(id)) return null;
      items.remove(id);
      return item.text;
    },
    recall: async () => {
      for (const item of await recallItems(context)) add(item);
    },
  };
}

function keep({ storage, roomId, room, clock, self }: SessionContext, items: readonly OutboxItem[]) {
  const { sealed, expiresAt } = room.get();
  // The words of a plain room are never put into storage.
  if (!sealed) return;
  const messages = items.flatMap(({ id, words, timestamp, failure }): KeptMessage[] => {
    const content = sealedContentSchema.safeParse(words);
    return content.success ? [{ id, ...content.data, timestamp, ...(failure && { refusedFor: failure.reason }) }] : [];
  });
  keepOutbox(storage, roomId, { endsAt: clock.toBrowserTime(expiresAt), memberId: self, messages });
}

async function recallItems({ storage, roomId, self, voice }: SessionContext): Promise<OutboxItem[]> {
  const kept = recallOutbox(storage, roomId);
  if (kept === null) return [];
  if (kept.memberId !== self) {
    // Sealed for a seat that we lost: nobody could open them as ours.
    forgetOutbox(storage, roomId);
    return [];
  }
  const items = await Promise.all(
    kept.messages.map(async ({ id, sender, text: sealed, timestamp, refusedFor }): Promise<OutboxItem | null> => {
      const text = await voice.hear({ roomId, memberId: self, messageId: id, field: 'text' }, sealed);
      const failure = refusedFor && { failure: { reason: refusedFor } };
      return text === null ? null : { id, text, timestamp, words: { sender, text: sealed }, ...failure };
    }),
  );
  return items.filter((item) => item !== null);
}
