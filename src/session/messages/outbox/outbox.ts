import { nanoid } from 'nanoid';
import { parseContent, type Content } from '@/domain/content';
import { messageIdSchema, sealedContentSchema, type MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import { sayMessage } from '@/session/speech';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage, type KeptOutbox } from './outbox-storage';
import { createOutboxItems, type OutboxItem, type OutboxItems, type OutboxMessage } from './outbox-items';
import type { RemovalHandlers } from './removal-queue';
import { createSendQueue, type SendHandlers } from './send-queue';
import { createTakingBack, type TakingBack } from './taking-back';

export interface Outbox
  extends
    Pick<OutboxItems, 'get' | 'subscribe' | 'messages' | 'clear'>,
    Pick<TakingBack, 'takeBack' | 'noteStored' | 'noteRemoved'> {
  readonly send: (content: Content) => void;
  /** Sends a message again that the server has refused. */
  readonly retry: (id: string) => void;
  /** Takes a message back and returns its content, unless it is being sent this moment. */
  readonly take: (id: string) => Content | null;
  /** Brings back what was written before this page was loaded. */
  readonly recall: () => Promise<void>;
}

export interface OutboxHandlers extends RemovalHandlers, Omit<SendHandlers, 'onAnswer'> {}

/** One's own messages that are not stored yet, sealed at once, and removals: kept over a reload, messages sent in order. */
export function createOutbox(context: SessionContext, handlers: OutboxHandlers): Outbox {
  const { clock, ownName, over } = context;
  const items = createOutboxItems();
  const queue = createSendQueue(context, items, { ...handlers, onAnswer: () => takingBack.goOn() });
  const takingBack = createTakingBack(context, items, queue, handlers);
  const { takeBack, withdraw, drop, noteStored, noteRemoved } = takingBack;

  /** Also while the line is down, so that the message can be kept over a reload. */
  async function sealItem(id: MessageId, content: Content) {
    await ownName.settled;
    const words = await sayMessage(context, id, ownName.get(), content);
    items.change(id, (item) => ({ ...item, words }));
    queue.goOn();
  }

  const stopKeeping = items.subscribe(() => keep(context, items));
  // The outbox of a room that has ended may have been forgotten already: nothing is kept after this.
  over.addEventListener('abort', stopKeeping);
  return {
    get: items.get,
    subscribe: items.subscribe,
    messages: items.messages,
    clear: items.clear,
    takeBack,
    noteStored,
    noteRemoved,
    send: (content) => {
      const id = messageIdSchema.parse(nanoid());
      items.add({ kind: 'message', id, content, timestamp: clock.now(), words: null });
      queue.goOn();
      void sealItem(id, content);
    },
    retry: (id) => {
      if (queue.isSending(id)) return;
      items.change(id, ({ failure: _failure, ...item }) => item);
      queue.send();
    },
    take: (id) => {
      const item = items.messages().find((candidate) => candidate.id === id);
      if (item === undefined || queue.isSending(id)) return null;
      withdraw(item);
      return item.content;
    },
    recall: async () => {
      for (const item of await recallItems(context)) {
        items.add(item);
        // The history may have been read while the texts were unsealed.
        if (handlers.isHeard(item.id)) drop(item.id);
      }
      takingBack.goOn();
      queue.goOn();
    },
  };
}

function keep({ storage, roomId, room, clock, self }: SessionContext, items: OutboxItems) {
  const { sealed, expiresAt } = room.get();
  // The outbox never puts the words of a plain room into storage.
  const messages = (sealed ? items.messages() : []).flatMap(
    ({ id, words, timestamp, tried, failure }): KeptMessage[] => {
      const { success, data } = sealedContentSchema.safeParse(words);
      if (!success) return [];
      const { sender, text } = data;
      return [{ id, sender, text, timestamp, ...(tried && { tried }), ...(failure && { refusedFor: failure.reason }) }];
    },
  );
  const removals = items.removals().map(({ id, ids }) => ({ id, ids: [...ids] }));
  const kept = { endsAt: clock.toBrowserTime(expiresAt), memberId: self, messages };
  keepOutbox(storage, roomId, removals.length > 0 ? { ...kept, removals } : kept);
}

async function recallItems(context: SessionContext): Promise<OutboxItem[]> {
  const { storage, roomId, self } = context;
  const kept = recallOutbox(storage, roomId);
  if (kept === null) return [];
  if (kept.memberId !== self) {
    // Of a seat that we lost: nobody could open the texts as ours, and what it said is not ours to take back.
    forgetOutbox(storage, roomId);
    return [];
  }
  const removals = kept.removals?.map((removal) => ({ kind: 'removal' as const, ...removal })) ?? [];
  return [...(await recallMessages(context, kept)), ...removals];
}

async function recallMessages({ roomId, self, voice }: SessionContext, kept: KeptOutbox): Promise<OutboxMessage[]> {
  const items = await Promise.all(
    kept.messages.map(async ({ id, sender, text, timestamp, tried, refusedFor }): Promise<OutboxMessage | null> => {
      const opened = await voice.hear({ roomId, memberId: self, messageId: id, field: 'text' }, text);
      const content = opened === null ? null : parseContent(opened);
      if (content === null || content === 'newer') return null;
      const rest = { ...(tried && { tried }), ...(refusedFor && { failure: { reason: refusedFor } }) };
      return { kind: 'message', id, content, timestamp, words: { sender, text }, ...rest };
    }),
  );
  return items.filter((item) => item !== null);
}
