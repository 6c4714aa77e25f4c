import { PAGE_RETRY } from '@/client/line';
import type { Answer, Failure } from '@/domain/failure';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Words } from '@/session/speech';

/** A message that is to be sent. */
export interface OutboxItem {
  id: MessageId;
  text: string;
  /** When it was written, on the server's clock. */
  timestamp: number;
  /** The words as they go out, the same at every attempt; null until they are sealed. */
  words: Words | null;
  /** Why the server refused it; it is sent again only when asked to. */
  failure?: Failure;
}

export interface OutboxState {
  items: readonly OutboxItem[];
  /** The line is down: the items will be sent by themselves later. */
  waiting: boolean;
}

export interface SendQueue extends Readable<OutboxState> {
  readonly add: (item: OutboxItem) => void;
  /** Says how an item goes out. */
  readonly setWords: (id: MessageId, words: Words) => void;
  readonly retry: (id: string) => void;
  /** Removes an item and returns it, unless it is being sent this moment. */
  readonly take: (id: string) => OutboxItem | null;
  readonly clear: () => void;
}

/** The line's fault, not the message's: the same message is sent when the line is back. */
const LINE_FAULTS: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable'];

/** Sends one message at a time, in the order of writing, each until it is stored or refused. */
export function createSendQueue(
  context: SessionContext,
  onStored: (stored: MessageWithCursor, text: string) => void,
): SendQueue {
  const { api, roomId, random, connection, over, onRefused } = context;
  const store = createStore<OutboxState>({ items: [], waiting: false });
  const retry = createRetry(PAGE_RETRY, random);
  let sending: string | null = null;

  const set = (change: Partial<OutboxState>) => store.set({ ...store.get(), ...change });
  const change = (id: string, update: (item: OutboxItem) => OutboxItem) =>
    set({ items: store.get().items.map((item) => (item.id === id ? update(item) : item)) });
  const remove = (id: string) => set({ items: store.get().items.filter((item) => item.id !== id) });

  /** Waits for the line, and tries now and then, as it may be the stream alone that is down. */
  function wait() {
    set({ waiting: true });
    if (!retry.isScheduled()) retry.schedule(send);
  }

  function send() {
    const next = store.get().items.find(({ failure }) => failure === undefined);
    if (over.aborted || sending !== null || !next?.words) return;
    sending = next.id;
    void api.sendMessage(roomId, { id: next.id, ...next.words }).then((answer) => {
      sending = null;
      if (!over.aborted) settle(next, answer);
    });
  }

  function settle({ id, text }: OutboxItem, answer: Answer<MessageWithCursor>) {
    if (answer.ok) {
      retry.reset();
      onStored(answer.value, text);
      remove(id);
      set({ waiting: false });
    } else {
      const { failure } = answer;
      if (LINE_FAULTS.includes(failure.reason)) {
        wait();
        return;
      }
      change(id, (item) => ({ ...item, failure }));
      onRefused(failure);
    }
    send();
  }

  connection.subscribe(() => {
    const { state } = connection.get();
    // Before the first attempt has ended there is no reason to think that the line is down.
    if (over.aborted || state === 'connecting') return;
    retry.reset();
    if (state === 'live') {
      retry.cancel();
      set({ waiting: false });
      send();
    } else wait();
  });
  over.addEventListener('abort', retry.cancel);

  const goOn = () => (store.get().waiting ? wait() : send());
  return {
    get: store.get,
    subscribe: store.subscribe,
    add: (item) => {
      set({ items: [...store.get().items, item] });
      goOn();
    },
    setWords: (id, words) => {
      change(id, (item) => ({ ...item, words }));
      goOn();
    },
    retry: (id) => {
      if (sending === id) return;
      change(id, ({ failure: _failure, ...item }) => item);
      send();
    },
    take: (id) => {
      const item = store.get().items.find((candidate) => candidate.id === id);
      if (item === undefined || sending === id) return null;
      remove(id);
      return item;
    },
    clear: () => set({ items: [] }),
  };
}
