import { nanoid } from 'nanoid';
import { textOf, type Content } from '@/domain/content';
import type { FileId } from '@/domain/file';
import { messageIdSchema, type MessageId } from '@/domain/message';
import { sealedSchema } from '@/domain/sealed';
import type { SessionContext } from '@/session/session-context';
import { keepOutbox, parseOutbox, type KeptMessage, type KeptOutbox } from './outbox-storage';
import { createOutboxItems, type OutboxItems, type OutboxMessage, type OutboxRemoval } from './outbox-items';
import type { RemovalHandlers } from './removal-queue';
import { createItemSealing } from './item-sealing';
import { createSendQueue, type SendHandlers } from './send-queue';
import { createTakingBack, type TakingBack } from './taking-back';

export interface Outbox
  extends
    Pick<OutboxItems, 'get' | 'subscribe' | 'messages' | 'clear'>,
    Pick<TakingBack, 'takeBack' | 'noteStored' | 'noteRemoved'> {
  readonly send: (content: Content) => MessageId;
  /** Removes a file from the server that no message names. */
  readonly removeFile: (fileId: FileId) => void;
  /** Sends a message again that the server has refused; it is written now. */
  readonly retry: (id: string) => void;
  /** Takes a message back and returns its content, unless it is being sent this moment. */
  readonly take: (id: string) => Content | null;
  /** The texts that are not sealed yet, and so not kept either. */
  readonly unsealed: () => readonly string[];
  /** Brings back what pages before this one have written. */
  readonly recall: () => void;
}

export interface OutboxHandlers extends RemovalHandlers, Omit<SendHandlers, 'onAnswer' | 'onStale'> {}

/** One's own messages that are not stored yet, sealed at once, and removals: kept as the shelf keeps, messages sent in order. */
export function createOutbox(context: SessionContext, handlers: OutboxHandlers): Outbox {
  const { clock, over, voice, shelf, room } = context;
  const items = createOutboxItems();
  const queue = createSendQueue(context, items, {
    ...handlers,
    onAnswer: () => takingBack.goOn(),
    onStale: (message) => sealing.sealAgain(message),
  });
  const sealing = createItemSealing(context, items, queue.goOn);
  const takingBack = createTakingBack(context, items, queue, handlers);
  const { takeBack, withdraw, noteStored, noteRemoved } = takingBack;

  /** Left by pages before this one, and not opened yet. */
  const unopened = new Set<KeptMessage>();
  const keepAll = () => keep(context, items, [...unopened]);
  const { keys, standing } = voice.posting;
  const stops = [items, room.ends].map(({ subscribe }) => subscribe(keepAll));
  stops.push(keys.subscribe(sealing.renew), standing.subscribe(queue.send));
  // The outbox of a room that has ended may have been forgotten already: nothing is kept after this.
  over.addEventListener('abort', () => stops.forEach((stop) => stop()));
  // They are in the hands of another page now.
  shelf.onTaken((name) => {
    if (name === 'outbox') items.clear();
  });

  async function recall(outbox: KeptOutbox) {
    for (const message of outbox.messages) unopened.add(message);
    for (const removal of outbox.removals ?? []) items.add(removalOf(removal));
    // From here on this page alone has them.
    keepAll();
    const messages = await recallMessages(context, outbox.messages);
    if (over.aborted) return;
    outbox.messages.forEach((message) => unopened.delete(message));
    // The history may have been read while the texts were unsealed.
    const isNews = ({ id }: OutboxMessage) => items.find(id) === undefined && !handlers.isHeard(id);
    messages.filter(isNews).forEach(items.add);
    keepAll();
    takingBack.goOn();
    sealing.renew();
  }

  return {
    get: items.get,
    subscribe: items.subscribe,
    messages: items.messages,
    clear: items.clear,
    takeBack,
    noteStored,
    noteRemoved,
    send: (content) => {
      const id = newId();
      items.add({ kind: 'message', id, content, timestamp: clock.now(), words: null, ...placeNow(handlers) });
      queue.goOn();
      void sealing.seal(id, content);
      return id;
    },
    removeFile: (fileId) => {
      items.add(removalOf({ id: newId(), ids: [], fileId }));
      takingBack.goOn();
    },
    retry: (id) => {
      if (queue.isSending(id)) return;
      items.change(id, ({ failure: _failure, ...item }) => ({ ...item, ...placeNow(handlers) }));
      queue.send();
    },
    take: (id) => {
      const item = items.messages().find((candidate) => candidate.id === id);
      if (item === undefined || queue.isSending(id)) return null;
      withdraw(item);
      return item.content;
    },
    unsealed: () => unsealedOf(items),
    recall: () =>
      shelf.adopt('outbox', (value) => {
        const outbox = parseOutbox(value);
        // Of a seat that we lost nobody could open the texts as ours, and what it said is not ours to take back.
        if (outbox?.memberId === context.self) void recall(outbox);
      }),
  };
}

const newId = (): MessageId => messageIdSchema.parse(nanoid());

type KeptRemoval = NonNullable<KeptOutbox['removals']>[number];

const removalOf = ({ id, ids, fileId, memberId }: KeptRemoval): OutboxRemoval => ({
  kind: 'removal',
  id,
  ids,
  ...(fileId && { fileId }),
  ...(memberId && { memberId }),
});

function placeNow({ newest }: Pick<OutboxHandlers, 'newest'>): Pick<OutboxMessage, 'after'> {
  const after = newest();
  return after === undefined ? {} : { after };
}

const unsealedOf = (items: OutboxItems): readonly string[] =>
  items
    .messages()
    .flatMap(({ words, stale, content }) => (words === null && stale === undefined ? textOf(content) : []));

function keep({ shelf, room, clock, self }: SessionContext, items: OutboxItems, unopened: readonly KeptMessage[]) {
  const { sealed, expiresAt } = room.get();
  // The outbox never puts the words of a plain room into storage.
  const messages = (sealed ? items.messages() : []).flatMap(
    ({ id, words, stale, timestamp, after, tried, failure }): KeptMessage[] => {
      const { success, data: text } = sealedSchema.safeParse((words ?? stale)?.text);
      if (!success) return [];
      const rest = { ...(after && { after }), ...(tried && { tried }), ...(failure && { refusedFor: failure.reason }) };
      return [{ id, text, timestamp, ...rest }];
    },
  );
  const removals = items.removals().map(({ kind: _kind, ids, ...rest }) => ({ ...rest, ids: [...ids] }));
  const kept = { endsAt: clock.toBrowserTime(expiresAt), memberId: self, messages: [...unopened, ...messages] };
  keepOutbox(shelf, removals.length > 0 ? { ...kept, removals } : kept);
}

async function recallMessages({ voice }: SessionContext, kept: readonly KeptMessage[]): Promise<OutboxMessage[]> {
  const items = await Promise.all(
    kept.map(async ({ id, text, timestamp, after, tried, refusedFor }): Promise<OutboxMessage | null> => {
      const content = await voice.reread(id, { text });
      const rest = {
        ...(after && { after }),
        ...(tried && { tried }),
        ...(refusedFor && { failure: { reason: refusedFor } }),
      };
      return content && { kind: 'message', id, content, timestamp, words: { text }, ...rest };
    }),
  );
  return items.filter((item) => item !== null);
}
