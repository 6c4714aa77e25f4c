import { nanoid } from 'nanoid';
import { messageIdSchema, sealedContentSchema, type MessageWithCursor } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import { sayMessage } from '@/session/speech';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage } from './outbox-storage';
import { createSendQueue, type OutboxItem, type SendQueue } from './send-queue';

export interface Outbox extends Omit<SendQueue, 'add' | 'setWords'> {
  readonly send: (text: string) => void;
  /** Brings back what was written before this page was loaded. */
  readonly recall: () => Promise<void>;
}

/** One's own messages that are not stored yet: sealed at once, kept over a reload, sent in order. */
export function createOutbox(
  context: SessionContext,
  onStored: (stored: MessageWithCursor, text: string) => void,
): Outbox {
  const { clock, ownName, over } = context;
  const { add, setWords, ...queue } = createSendQueue(context, onStored);
  const stopKeeping = queue.subscribe(() => keep(context, queue.get().items));
  // The outbox of a room that has ended may have been forgotten already: nothing is kept after this.
  over.addEventListener('abort', stopKeeping);
  return {
    ...queue,
    send: (text) => {
      const id = messageIdSchema.parse(nanoid());
      add({ id, text, timestamp: clock.now(), words: null });
      // Also while the line is down, so that it can be kept over a reload.
      void ownName.settled
        .then(() => sayMessage(context, id, ownName.get(), text))
        .then((words) => setWords(id, words));
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
