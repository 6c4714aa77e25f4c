import { nanoid } from 'nanoid';
import type { Content } from '@/domain/content';
import { messageIdSchema, sealedContentSchema, type MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage, type KeptOutbox } from './outbox-storage';
import { createOutboxItems, type OutboxItems, type OutboxMessage } from './outbox-items';
import type { RemovalHandlers } from './removal-queue';
import { createItemSealing } from './item-sealing';
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

export interface OutboxHandlers extends RemovalHandlers, Omit<SendHandlers, 'onAnswer' | 'onStale'> {}

/** One's own messages that are not stored yet, sealed at once, and removals: kept over a reload, messages sent in order. */
export function createOutbox(context: SessionContext, handlers: OutboxHandlers): Outbox {
  const { clock, over, voice } = context;
  const items = createOutboxItems();
  const queue = createSendQueue(context, items, {
    ...handlers,
    onAnswer: () => takingBack.goOn(),
    onStale: (message) => sealing.sealAgain(message),
  });
  const sealing = createItemSealing(context, items, queue.goOn);
  const takingBack = createTakingBack(context, items, queue, handlers);
  const { takeBack, withdraw, drop, noteStored, noteRemoved } = takingBack;

  /** Kept before this page was loaded, and not opened yet. */
  let kept: readonly KeptMessage[] = [];
  const stops = [
    items.subscribe(() => keep(context, items, kept)),
    voice.posting.keys.subscribe(sealing.renew),
    voice.posting.standing.subscribe(queue.send),
  ];
  // The outbox of a room that has ended may have been forgotten already: nothing is kept after this.
  over.addEventListener('abort', () => stops.forEach((stop) => stop()));
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
      void sealing.seal(id, content);
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
      const outbox = recallOwn(context);
      kept = outbox?.messages ?? [];
      const messages = await recallMessages(context, kept);
      if (over.aborted) return;
      kept = [];
      const removals = outbox?.removals?.map((removal) => ({ kind: 'removal' as const, ...removal })) ?? [];
      for (const item of [...messages, ...removals]) {
        items.add(item);
        // The history may have been read while the texts were unsealed.
        if (handlers.isHeard(item.id)) drop(item.id);
      }
      takingBack.goOn();
      sealing.renew();
    },
  };
}

function keep(
  { storage, roomId, room, clock, self }: SessionContext,
  items: OutboxItems,
  unopened: readonly KeptMessage[],
) {
  const { sealed, expiresAt } = room.get();
  // The outbox never puts the words of a plain room into storage.
  const messages = (sealed ? items.messages() : []).flatMap(
    ({ id, words, timestamp, tried, failure }): KeptMessage[] => {
      const { success, data } = sealedContentSchema.safeParse(words);
      if (!success) return [];
      return [
        { id, text: data.text, timestamp, ...(tried && { tried }), ...(failure && { refusedFor: failure.reason }) },
      ];
    },
  );
  const removals = items.removals().map(({ id, ids }) => ({ id, ids: [...ids] }));
  const kept = { endsAt: clock.toBrowserTime(expiresAt), memberId: self, messages: [...unopened, ...messages] };
  keepOutbox(storage, roomId, removals.length > 0 ? { ...kept, removals } : kept);
}

function recallOwn({ storage, roomId, self }: SessionContext): KeptOutbox | null {
  const kept = recallOutbox(storage, roomId);
  if (kept === null || kept.memberId === self) return kept;
  // Of a seat that we lost: nobody could open the texts as ours, and what it said is not ours to take back.
  forgetOutbox(storage, roomId);
  return null;
}

async function recallMessages({ voice }: SessionContext, kept: readonly KeptMessage[]): Promise<OutboxMessage[]> {
  const items = await Promise.all(
    kept.map(async ({ id, text, timestamp, tried, refusedFor }): Promise<OutboxMessage | null> => {
      const content = await voice.reread(id, { text });
      const rest = { ...(tried && { tried }), ...(refusedFor && { failure: { reason: refusedFor } }) };
      return content && { kind: 'message', id, content, timestamp, words: { text }, ...rest };
    }),
  );
  return items.filter((item) => item !== null);
}
