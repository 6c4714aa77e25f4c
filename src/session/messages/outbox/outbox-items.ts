import type { Failure } from '@/domain/failure';
import type { MessageId } from '@/domain/message';
import { createStore, type Readable } from '@/lib/store';
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

export interface OutboxItems extends Readable<OutboxState> {
  readonly add: (item: OutboxItem) => void;
  readonly change: (id: string, update: (item: OutboxItem) => OutboxItem) => void;
  readonly remove: (id: string) => void;
  readonly clear: () => void;
  readonly setWaiting: (waiting: boolean) => void;
}

/** Messages that are not stored yet, in the order of writing. */
export function createOutboxItems(): OutboxItems {
  const store = createStore<OutboxState>({ items: [], waiting: false });
  const set = (update: (items: readonly OutboxItem[]) => readonly OutboxItem[]) =>
    store.set({ ...store.get(), items: update(store.get().items) });
  return {
    get: store.get,
    subscribe: store.subscribe,
    add: (item) => set((items) => [...items, item]),
    change: (id, update) => set((items) => items.map((item) => (item.id === id ? update(item) : item))),
    remove: (id) => set((items) => items.filter((item) => item.id !== id)),
    clear: () => set(() => []),
    setWaiting: (waiting) => store.set({ ...store.get(), waiting }),
  };
}
