import type { Content } from '@/domain/content';
import type { FileId } from '@/domain/file';
import type { Failure } from '@/domain/failure';
import type { Cursor, MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import type { Words } from '@/session/speech';
import type { WaitReason } from './refusals';

/** A message that is to be sent. */
export interface OutboxMessage {
  kind: 'message';
  id: MessageId;
  content: Content;
  /** When it was written, on the server's clock. */
  timestamp: number;
  /** The newest event that its author had heard of: where it stands if it is refused. Missing until anything was heard. */
  after?: Cursor;
  /** The words as they go out, the same at every attempt; null until they are sealed. */
  words: Words | null;
  /** The words before, of a key that was replaced: never sent, but kept until they are sealed again. */
  stale?: Words;
  /** It was sent: the server may have it, until an answer says that it does not. */
  tried?: true;
  /** Why the server refused it, which nobody but its author can mend; it is sent again only when asked to. */
  failure?: Failure;
}

/** A message as it can be sent. */
export type SealedMessage = OutboxMessage & { words: Words };

/** Messages of one author that are to be taken back. */
export interface OutboxRemoval {
  kind: 'removal';
  /** Of the message; the others are its edits. Where a file alone is to be removed there is none, and the id is the removal's own. */
  id: MessageId;
  ids: readonly MessageId[];
  /** Goes with its message. */
  fileId?: FileId;
  /** The author of its message: a card may name a file of somebody else, which stays. */
  memberId?: MemberId;
}

export type NamedFile = Required<Pick<OutboxRemoval, 'fileId' | 'memberId'>>;

export type OutboxItem = OutboxMessage | OutboxRemoval;

/** A wait that the server asked for. */
export interface Rest {
  reason: WaitReason;
  /** When it is over, on this browser's clock. */
  until: number;
}

export interface OutboxState {
  items: readonly OutboxItem[];
  /** The line is down, or the server wants a pause: the items will be sent by themselves later. */
  waiting: boolean;
  rest: Rest | null;
}

export interface OutboxItems extends Readable<OutboxState> {
  readonly add: (item: OutboxItem) => void;
  readonly change: (id: string, update: (item: OutboxMessage) => OutboxItem) => void;
  readonly remove: (id: string) => void;
  readonly messages: () => readonly OutboxMessage[];
  readonly removals: () => readonly OutboxRemoval[];
  readonly find: (id: string) => OutboxItem | undefined;
  readonly clear: () => void;
  readonly setWaiting: (waiting: boolean) => void;
  readonly setRest: (rest: Rest | null) => void;
}

/** Messages that are not stored yet, and removals, in the order of writing. */
export function createOutboxItems(): OutboxItems {
  const store = createStore<OutboxState>({ items: [], waiting: false, rest: null });
  const set = (update: (items: readonly OutboxItem[]) => readonly OutboxItem[]) =>
    store.set({ ...store.get(), items: update(store.get().items) });
  return {
    get: store.get,
    subscribe: store.subscribe,
    add: (item) => set((items) => [...items, item]),
    change: (id, update) =>
      set((items) => items.map((item) => (item.kind === 'message' && item.id === id ? update(item) : item))),
    remove: (id) => set((items) => items.filter((item) => item.id !== id)),
    messages: () => store.get().items.filter((item) => item.kind === 'message'),
    removals: () => store.get().items.filter((item) => item.kind === 'removal'),
    find: (id) => store.get().items.find((item) => item.id === id),
    clear: () => set(() => []),
    setWaiting: (waiting) => {
      if (waiting !== store.get().waiting) store.set({ ...store.get(), waiting });
    },
    setRest: (rest) => store.set({ ...store.get(), rest, waiting: rest !== null }),
  };
}
