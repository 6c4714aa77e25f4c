import type { OutgoingMessage } from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import { PAGE_RETRY } from '@/client/line';
import type { MessageId, MessageWithCursor } from '@/domain/message';
import type { Speech } from '@/domain/speech';
import { createStore, type Readable } from '@/lib/store';
import { backoffMs } from '@/lib/retry';

type Words = Record<'sender' | 'text', Speech>;

/** A message on its way. */
export interface OutboxItem {
  id: MessageId;
  text: string;
  /** When it was written, on the server's clock. */
  timestamp: number;
  /** What goes out, the same at every attempt; null while it is being sealed. */
  words: Words | null;
  /** Why the server refused it; it goes out again only when asked to. */
  failure?: Failure;
}

export interface OutboxState {
  items: readonly OutboxItem[];
  /** The line is down: what is here goes out by itself later. */
  waiting: boolean;
}

export interface Outbox extends Readable<OutboxState> {
  readonly add: (item: OutboxItem) => void;
  readonly retry: (id: string) => void;
  /** Takes an item out and gives it back, unless it is on its way this moment. */
  readonly take: (id: string) => OutboxItem | null;
  /** Tells whether the room can be heard. */
  readonly setLine: (isUp: boolean) => void;
  readonly stop: () => void;
}

export interface OutboxEnvironment {
  readonly post: (message: OutgoingMessage) => Promise<Answer<MessageWithCursor>>;
  /** Makes what goes out of what was written. */
  readonly say: (item: OutboxItem) => Promise<Words>;
  readonly onStored: (message: MessageWithCursor, item: OutboxItem) => void;
  readonly onRefused: (failure: Failure) => void;
  readonly random: () => number;
}

/** The line's fault, not the message's: the same message goes out when the line is back. */
const LINE_FAULTS: readonly Failure['reason'][] = ['offline', 'unreachable', 'storage_unavailable'];

/** Sends one message at a time, in the order of writing, each until it is stored or refused. */
export function createOutbox({ post, say, onStored, onRefused, random }: OutboxEnvironment): Outbox {
  const store = createStore<OutboxState>({ items: [], waiting: false });
  const said = new Map<string, Promise<Words>>();
  let onItsWay: string | null = null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const isStopped = () => stopped;
  const set = (change: Partial<OutboxState>) => store.set({ ...store.get(), ...change });
  const find = (id: string) => store.get().items.find((item) => item.id === id);
  const change = (id: string, select: (item: OutboxItem) => OutboxItem) =>
    set({ items: store.get().items.map((item) => (item.id === id ? select(item) : item)) });

  function remove(id: string) {
    said.delete(id);
    set({ items: store.get().items.filter((item) => item.id !== id) });
  }

  function stopTimer() {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Waits for the line, and tries now and then, for it may be the stream alone that is down. */
  function wait() {
    set({ waiting: true });
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void pump();
      },
      backoffMs(attempt, PAGE_RETRY, random),
    );
    attempt += 1;
  }

  /** Answers whether the next one may go. */
  async function attemptToPost(item: OutboxItem, words: Words): Promise<boolean> {
    if (isStopped()) return false;
    const answer = await post({ id: item.id, ...words });
    if (isStopped()) return false;
    if (answer.ok) {
      attempt = 0;
      onStored(answer.value, item);
      remove(item.id);
      set({ waiting: false });
      return true;
    }
    const { failure } = answer;
    if (LINE_FAULTS.includes(failure.reason)) {
      wait();
      return false;
    }
    change(item.id, (refused) => ({ ...refused, failure }));
    onRefused(failure);
    return true;
  }

  async function pump() {
    while (onItsWay === null && !isStopped()) {
      const next = store.get().items.find((item) => item.failure === undefined);
      const words = next && said.get(next.id);
      if (next === undefined || words === undefined) return;
      onItsWay = next.id;
      const goOn = await attemptToPost(next, await words);
      onItsWay = null;
      if (!goOn) return;
    }
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    add: (item) => {
      set({ items: [...store.get().items, item] });
      const words = item.words === null ? say(item) : Promise.resolve(item.words);
      said.set(item.id, words);
      // Sealed at once, also while the line is down, so that it can be kept over a reload.
      void words.then((done) => change(item.id, (current) => ({ ...current, words: done })));
      if (store.get().waiting) wait();
      else void pump();
    },
    retry: (id) => {
      if (onItsWay === id) return;
      change(id, ({ failure: _failure, ...again }) => again);
      void pump();
    },
    take: (id) => {
      const item = find(id);
      if (item === undefined || onItsWay === id) return null;
      remove(id);
      return item;
    },
    setLine: (isUp) => {
      attempt = 0;
      if (!isUp) {
        wait();
        return;
      }
      stopTimer();
      set({ waiting: false });
      void pump();
    },
    stop: () => {
      stopped = true;
      stopTimer();
    },
  };
}
