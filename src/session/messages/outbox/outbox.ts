import { nanoid } from 'nanoid';
import { parseContent, type Content } from '@/domain/content';
import { messageIdSchema, sealedContentSchema, type MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import { sayMessage } from '@/session/speech';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage, type KeptOutbox } from './outbox-storage';
import { createOutboxItems, type OutboxItem, type OutboxItems, type OutboxMessage } from './outbox-items';
import { createSendQueue, type SendHandlers } from './send-queue';

export interface Outbox extends Pick<OutboxItems, 'get' | 'subscribe' | 'messages' | 'clear'> {
  readonly send: (content: Content) => void;
  /** Sends a message again that the server has refused. */
  readonly retry: (id: string) => void;
  /** Removes a message and returns its content, unless it is being sent this moment. */
  readonly take: (id: string) => Content | null;
  /**
   * Takes messages of one author back, the first one with its edits. One that was never sent is simply gone; one that is on
   * its way, or whose answer was lost, is removed behind that.
   */
  readonly takeBack: (id: MessageId, edits: readonly MessageId[]) => void;
  /** The room has a message of one's own: one that the server did not know yet when it was taken back is removed now. */
  readonly noteStored: (id: MessageId) => void;
  /** Brings back what was written before this page was loaded. */
  readonly recall: () => Promise<void>;
}

/** One's own messages that are not stored yet, sealed at once, and removals: kept over a reload, sent in order. */
export function createOutbox(context: SessionContext, handlers: SendHandlers): Outbox {
  const { clock, ownName, over } = context;
  const items = createOutboxItems();
  /** Taken back while the server did not know them: it may have been slow to store them. */
  const unknown = new Set<MessageId>();
  const queue = createSendQueue(context, items, {
    ...handlers,
    onTakenBack: (id, isUnknown) => {
      if (isUnknown) unknown.add(id);
      handlers.onTakenBack(id, isUnknown);
    },
  });

  function add(item: OutboxItem) {
    items.add(item);
    queue.goOn();
  }

  /** Also while the line is down, so that the message can be kept over a reload. */
  async function sealItem(id: MessageId, content: Content) {
    await ownName.settled;
    const words = await sayMessage(context, id, ownName.get(), content);
    items.change(id, (item) => ({ ...item, words }));
    queue.goOn();
  }

  function takeBack(id: MessageId, edits: readonly MessageId[]) {
    for (const { id: edit, content } of items.messages())
      if (content.kind === 'edit' && content.id === id) takeBack(edit, []);
    const item = items.find(id);
    if (item === undefined) add({ kind: 'removal', id, ids: [id, ...edits] });
    else if (item.kind === 'removal') return;
    else if (item.tried) items.change(id, () => ({ kind: 'removal', id, ids: [id] }));
    else items.remove(id);
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
    send: (content) => {
      const id = messageIdSchema.parse(nanoid());
      add({ kind: 'message', id, content, timestamp: clock.now(), words: null });
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
      items.remove(id);
      return item.content;
    },
    noteStored: (id) => {
      if (unknown.delete(id)) takeBack(id, []);
    },
    recall: async () => {
      for (const item of await recallItems(context)) add(item);
    },
  };
}

function keep({ storage, roomId, room, clock, self }: SessionContext, items: OutboxItems) {
  const { sealed, expiresAt } = room.get();
  // The outbox never puts the words of a plain room into storage.
  if (!sealed) return;
  const messages = items.messages().flatMap(({ id, words, timestamp, tried, failure }): KeptMessage[] => {
    const { success, data } = sealedContentSchema.safeParse(words);
    if (!success) return [];
    const { sender, text } = data;
    return [{ id, sender, text, timestamp, ...(tried && { tried }), ...(failure && { refusedFor: failure.reason }) }];
  });
  const removals = items
    .get()
    .items.filter((item) => item.kind === 'removal')
    .map(({ id, ids }) => ({ id, ids: [...ids] }));
  const kept = { endsAt: clock.toBrowserTime(expiresAt), memberId: self, messages };
  keepOutbox(storage, roomId, removals.length > 0 ? { ...kept, removals } : kept);
}

async function recallItems(context: SessionContext): Promise<OutboxItem[]> {
  const { storage, roomId, self } = context;
  const kept = recallOutbox(storage, roomId);
  if (kept === null) return [];
  if (kept.memberId !== self) {
    // Sealed for a seat that we lost: nobody could open them as ours.
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
