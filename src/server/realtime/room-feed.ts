import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import { compareCursors, type Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { EventRing } from './event-ring';
import type { Listener } from './listener';
import { readEvents } from './read-events';
import { Upstream } from './upstream';
import { connectedFrame, type FeedEvent, publishedEvent, readAfreshFrame, reconnectFrame } from './wire';

/** Past this many pages a listener is better served by the history. */
const REPLAY_PAGES_MAX = 10;
/** A publication may be on its way when a heartbeat already tells its id. */
const GRACE_MS = 1_000;

export interface FeedHandlers {
  /** The room's last event was given to everybody. */
  ended(): void;
  /** The room was found to be gone without a word. */
  gone(): void;
  /** A listener was let go, or ended with its member. */
  dropped(listener: Listener): void;
}

/**
 * The events of one room, followed once for all listeners of this process: given out in the order of
 * the stream, each once, the same bytes to everybody.
 */
export class RoomFeed {
  readonly #redis: Redis;
  readonly #roomId: RoomId;
  readonly #handlers: FeedHandlers;
  readonly #upstream: Upstream;
  readonly #ring: EventRing;
  readonly #listeners = new Set<Listener>();
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;
  #newest: Cursor;
  /** Publications held back while what came before them is read; null when nothing is being read. */
  #held: FeedEvent[] | null = [];
  #reading = 0;
  #graceTimer: NodeJS.Timeout | undefined;
  #closed = false;
  /** What ended the room, for who was still being attached. */
  #lastBytes: Buffer | undefined;

  /** `start`: the cursor of the first listener, so that one read serves the gap and its replay. */
  constructor(redis: Redis, roomId: RoomId, start: Cursor, handlers: FeedHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#handlers = handlers;
    this.#newest = start;
    this.#ring = new EventRing(start);
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#upstream = new Upstream(redis, roomId, {
      confirmed: () => void this.#catchUp(),
      published: (text) => this.#published(text),
    });
    this.#upstream.open();
  }

  get newest(): Cursor {
    return this.#newest;
  }

  /** Sends what came after the cursor, then everything that comes. */
  async attach(listener: Listener, cursor: Cursor): Promise<void> {
    await this.#opened;
    listener.write(connectedFrame(this.#roomId, cursor));
    try {
      const from = await this.#replay(listener, cursor);
      // From here to the end nothing waits, so no event falls between the ring and the live ones.
      for (const event of this.#ring.after(from)) this.#send(listener, event);
      if (this.#closed) listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
    } catch (error) {
      if (isGone(error)) this.#handlers.gone();
      listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
    }
    if (listener.open) this.#listeners.add(listener);
    else this.#handlers.dropped(listener);
  }

  detach(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** The newest id by another way than the subscription: one that stays unseen means that it is dead. */
  verify(newest: Cursor): void {
    if (this.#closed || compareCursors(newest, this.#newest) <= 0) return;
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => {
      if (compareCursors(newest, this.#newest) > 0) this.#upstream.open();
    }, GRACE_MS);
  }

  broadcast(bytes: Buffer): void {
    for (const listener of this.#listeners) listener.write(bytes);
    this.#dropClosed();
  }

  /** Gives everybody the last event and ends their streams. */
  end(event: FeedEvent): void {
    if (this.#closed) return;
    this.#lastBytes = event.bytes;
    this.close();
    for (const listener of [...this.#listeners]) {
      listener.end(event.bytes);
      this.#handlers.dropped(listener);
    }
    this.#listeners.clear();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#graceTimer);
    this.#upstream.close();
    this.#open();
  }

  /** From the ring where it reaches back far enough, else page by page from the stream. */
  async #replay(listener: Listener, cursor: Cursor): Promise<Cursor> {
    let from = cursor;
    for (let pages = 0; listener.open && !this.#ring.covers(from); pages += 1) {
      if (pages === REPLAY_PAGES_MAX) {
        listener.end(readAfreshFrame());
        break;
      }
      const page = await readEvents(this.#redis, this.#roomId, from);
      for (const event of page.events) {
        // What the page knows and the subscription has not told yet is everybody's news.
        if (compareCursors(event.id, this.#newest) > 0) this.#give(event);
        this.#send(listener, event);
      }
      from = page.cursor;
      if (!page.full) break;
    }
    return from;
  }

  async #catchUp(): Promise<void> {
    const turn = (this.#reading += 1);
    this.#held ??= [];
    try {
      for (let cursor = this.#newest, full = true; full; ) {
        const page = await readEvents(this.#redis, this.#roomId, cursor);
        if (turn !== this.#reading || this.#closed) return;
        for (const event of page.events) this.#give(event);
        ({ cursor, full } = page);
      }
    } catch (error) {
      if (turn !== this.#reading || this.#closed) return;
      if (isGone(error)) this.#handlers.gone();
      else this.#upstream.lost();
      return;
    }
    const held = this.#held;
    this.#held = null;
    for (const event of held) this.#give(event);
    this.#upstream.healthy();
    this.#open();
  }

  #published(text: string): void {
    const event = publishedEvent(text);
    if (event === null) return;
    if (this.#held === null) this.#give(event);
    else this.#held.push(event);
  }

  #give(event: FeedEvent): void {
    if (this.#closed) return;
    const ahead = compareCursors(event.id, this.#newest) > 0;
    if (!event.stored) {
      // It repeats the newest id, so an id not seen yet means that a publication was missed.
      if (ahead && event.ends === null) this.verify(event.id);
    } else if (ahead) {
      this.#newest = event.id;
      this.#ring.add(event);
    } else if (this.#ring.misses(event.id)) {
      // Writers of the stock library publish in another order than they store: late, but not lost.
      this.#ring.add(event);
    } else {
      return;
    }
    this.#dispatch(event);
  }

  #dispatch(event: FeedEvent): void {
    if (event.ends === 'room') {
      this.end(event);
      this.#handlers.ended();
      return;
    }
    for (const listener of this.#listeners) this.#send(listener, event);
    this.#dropClosed();
  }

  /** A member's own leave is the last that they hear, live or in a replay. */
  #send(listener: Listener, { bytes, ends }: FeedEvent): void {
    if (ends !== null && ends !== 'room' && ends.memberId === listener.memberId) listener.end(bytes);
    else listener.write(bytes);
  }

  #dropClosed(): void {
    for (const listener of this.#listeners) {
      if (listener.open) continue;
      this.#listeners.delete(listener);
      this.#handlers.dropped(listener);
    }
  }
}

const isGone = (error: unknown): boolean => error instanceof RoomError && error.reason === 'room_not_found';
