import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import { compareCursors, type Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { EventRing } from './event-ring';
import type { Listener } from './listener';
import { readEvents } from './read-events';
import type { StreamTimings } from './stream-timings';
import { Upstream } from './upstream';
import { connectedFrame, type FeedEvent, presenceChanged, publishedEvent, readAfreshFrame, reconnectFrame } from './wire';

/** Writers of the stock library publish after they store: how late, at most, so that a gap swallows nothing. */
const LATE_MS = 1_000;
/** Past this many pages a listener is better served by the history. */
const REPLAY_PAGES_MAX = 10;

export interface FeedPlace {
  redis: Redis;
  roomId: RoomId;
  timings: StreamTimings;
}

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
  readonly #timings: StreamTimings;
  readonly #handlers: FeedHandlers;
  readonly #upstream: Upstream;
  readonly #ring: EventRing;
  readonly #listeners = new Set<Listener>();
  /** Listeners that came with more than this process had heard by then, and how far they were. */
  readonly #ahead = new Map<Listener, Cursor>();
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;
  #newest: Cursor;
  /** Publications held back while what came before them is read; null when nothing is being read. */
  #held: FeedEvent[] | null = [];
  #reading = 0;
  #verifyTimer: NodeJS.Timeout | undefined;
  #closed = false;
  /** What ended the room, for who was still being attached. */
  #lastBytes: Buffer | undefined;
  /** The last word on who is here, and how often there was one. */
  #presence: FeedEvent | null = null;
  #presenceHeard = 0;

  /**
   * `start`: the cursor of the first listener, so that one read serves the gap and its replay. `here`:
   * who is here by then, as a JSON list, where that is known.
   */
  constructor({ redis, roomId, timings }: FeedPlace, start: Cursor, here: string | null, handlers: FeedHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#timings = timings;
    this.#handlers = handlers;
    if (here !== null) this.#presence = presenceChanged(roomId, start, here);
    this.#newest = start;
    this.#ring = new EventRing(start);
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#upstream = new Upstream(redis, roomId, timings, {
      confirmed: () => void this.#catchUp(),
      published: (text) => this.#published(text),
    });
    this.#upstream.open();
  }

  get newest(): Cursor {
    return this.#newest;
  }

  get presenceHeard(): number {
    return this.#presenceHeard;
  }

  /** Sends what came after the cursor, then everything that comes. */
  async attach(listener: Listener, cursor: Cursor): Promise<void> {
    await this.#opened;
    listener.write(connectedFrame(this.#roomId, cursor));
    try {
      const from = await this.#replay(listener, cursor);
      // From here to the end nothing waits, so no event falls between the ring and the live ones.
      for (const event of this.#ring.after(from)) this.#send(listener, event);
      if (this.#presence !== null) listener.write(this.#presence.bytes);
      if (this.#closed) listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
      if (compareCursors(from, this.#newest) > 0) this.#ahead.set(listener, from);
    } catch (error) {
      if (isGone(error)) this.#handlers.gone();
      listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
    }
    if (listener.open) this.#listeners.add(listener);
    else this.#drop(listener);
  }

  detach(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#ahead.delete(listener);
  }

  /** The newest id by another way than the subscription: one that stays unseen means that it is dead. */
  verify(newest: Cursor): void {
    if (this.#closed || this.#verifyTimer !== undefined || compareCursors(newest, this.#newest) <= 0) return;
    this.#verifyTimer = setTimeout(() => {
      this.#verifyTimer = undefined;
      // Where something is held back, the gap is known and being read.
      if (this.#held === null && compareCursors(newest, this.#newest) > 0) this.#upstream.open();
    }, this.#timings.publication);
  }

  /** Who is here by another way than the subscription, as a JSON list: what was published in a gap is not stored. */
  correctPresence(here: string): void {
    if (this.#closed || here === (this.#presence?.here ?? '[]')) return;
    this.#give(presenceChanged(this.#roomId, this.#newest, here));
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
      this.#drop(listener);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#verifyTimer);
    this.#upstream.close();
    this.#open();
  }

  /** From the ring where it reaches back far enough, else page by page from the stream, as fast as the reader takes it. */
  async #replay(listener: Listener, cursor: Cursor): Promise<Cursor> {
    let from = cursor;
    for (let pages = 0; listener.open && !this.#ring.covers(from); pages += 1) {
      if (pages === REPLAY_PAGES_MAX) {
        listener.end(readAfreshFrame());
        break;
      }
      const page = await readEvents(this.#redis, this.#roomId, from);
      // What the page knows and the subscription has not told yet is everybody's news.
      for (const event of page.events) if (compareCursors(event.id, this.#newest) > 0) this.#give(event);
      for (const event of page.events) {
        this.#send(listener, event);
        await listener.ready(this.#timings.stall);
      }
      from = page.cursor;
    }
    return from;
  }

  async #catchUp(): Promise<void> {
    const turn = (this.#reading += 1);
    this.#held ??= [];
    try {
      for (let cursor = this.#ring.back(this.#newest, LATE_MS), full = true; full; ) {
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
    this.#dispatch(event, ahead && event.stored);
  }

  #dispatch(event: FeedEvent, inOrder: boolean): void {
    if (event.here !== null) {
      this.#presence = event;
      this.#presenceHeard += 1;
    }
    if (event.ends === 'room') {
      this.end(event);
      this.#handlers.ended();
      return;
    }
    for (const listener of this.#listeners) {
      if (inOrder && this.#ahead.size > 0 && this.#knows(listener, event.id)) continue;
      this.#send(listener, event);
    }
    this.#dropClosed();
  }

  /** Whether a listener had got this far before it came here, by another process or the history. */
  #knows(listener: Listener, id: Cursor): boolean {
    const from = this.#ahead.get(listener);
    if (from === undefined) return false;
    if (compareCursors(id, from) <= 0) return true;
    this.#ahead.delete(listener);
    return false;
  }

  /** A member's own leave is the last that they hear, live or in a replay. */
  #send(listener: Listener, { bytes, ends }: FeedEvent): void {
    if (ends !== null && ends !== 'room' && ends.memberId === listener.memberId) listener.end(bytes);
    else listener.write(bytes);
  }

  #dropClosed(): void {
    for (const listener of this.#listeners) if (!listener.open) this.#drop(listener);
  }

  #drop(listener: Listener): void {
    this.detach(listener);
    this.#handlers.dropped(listener);
  }
}

const isGone = (error: unknown): boolean => error instanceof RoomError && error.reason === 'room_not_found';
