import 'server-only';
import { RoomError } from '@/domain/errors';
import { compareCursors, type Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import type { StorageRedis } from '@/server/storage/client';
import type { PublishedHere } from '@/server/storage/presence';
import { EventRing } from './event-ring';
import { HereList } from './here-list';
import { type EventPage, readEvents } from './read-events';
import type { StreamTimings } from './stream-timings';
import { Upstream } from './upstream';
import { type FeedEvent, presenceChanged, publishedEvent } from './wire';

/** Writers of the stock library publish after they store. This is how late at most, so no gap swallows an event. */
const LATE_MS = 1_000;

export interface StreamPlace {
  redis: StorageRedis;
  roomId: RoomId;
  timings: StreamTimings;
}

export interface StreamHandlers {
  /** `inOrder`: newer than every event before it. Others are late, or only published. */
  event(event: FeedEvent, inOrder: boolean): void;
  /** The room was found to be gone; no event said so. */
  gone(): void;
}

/**
 * The publications of one room, made whole: each event once and in the order of the stream, except for events that
 * stock writers publish late. A publication that builds on one that was not heard waits until the events between them
 * have been read.
 */
export class FollowedStream {
  /** Resolves once everything since the start has been read and nothing is missing, or once the stream is closed. */
  readonly opened: Promise<void>;
  readonly here = new HereList();
  readonly #place: StreamPlace;
  readonly #handlers: StreamHandlers;
  readonly #upstream: Upstream;
  readonly #ring: EventRing;
  #open: () => void = () => undefined;
  #newest: Cursor;
  /** Publications held back while the events before them are read; null when nothing is being read. */
  #held: FeedEvent[] | null = [];
  #reading = 0;
  #verifyTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(place: StreamPlace, start: Cursor, told: PublishedHere | null, handlers: StreamHandlers) {
    this.#place = place;
    this.#handlers = handlers;
    this.#newest = start;
    this.#ring = new EventRing(start);
    if (told !== null) this.here.take(told);
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#upstream = new Upstream(place.redis, place.roomId, place.timings, {
      confirmed: () => void this.#catchUp(),
      published: (text) => {
        const event = publishedEvent(text);
        if (event !== null) this.#take(event);
      },
    });
    this.#upstream.open();
  }

  get newest(): Cursor {
    return this.#newest;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether nothing is known to be missing: the subscription is in force, and nothing is held back or in doubt. */
  get whole(): boolean {
    return !this.#closed && this.#upstream.inForce && this.#held === null && this.#verifyTimer === undefined;
  }

  /** Whether everything after the cursor is at hand. */
  covers(cursor: Cursor): boolean {
    return this.#ring.covers(cursor);
  }

  after(cursor: Cursor): FeedEvent[] {
    return this.#ring.after(cursor);
  }

  /** Whether an event is a message of which is known that it was taken back: it is given to nobody any more. */
  isTakenBack(event: FeedEvent): boolean {
    return this.#ring.isTakenBack(event);
  }

  /** Reads a page for one listener. Events in it that the subscription has not delivered yet are news for everybody. */
  async read(after: Cursor): Promise<EventPage> {
    const page = await readEvents(this.#place.redis, this.#place.roomId, after);
    for (const event of page.events) if (compareCursors(event.id, this.#newest) > 0) this.#give(event);
    return page;
  }

  /** Takes the newest id from another source than the subscription, which is dead if it never delivers that id. */
  verify(newest: Cursor): void {
    if (this.#closed || this.#verifyTimer !== undefined || compareCursors(newest, this.#newest) <= 0) return;
    this.#verifyTimer = setTimeout(() => {
      this.#verifyTimer = undefined;
      // Where something is held back, the gap is known and being read.
      if (this.#held === null && compareCursors(newest, this.#newest) > 0) this.#upstream.replace();
    }, this.#place.timings.publication);
  }

  /** Takes the list of who is here from another source than the subscription: lists published in a gap are not stored. */
  correctHere(told: PublishedHere): void {
    if (this.#closed || told.turn <= this.here.turn) return;
    if (this.here.differs(told)) this.#give(presenceChanged(this.#place.roomId, this.#newest, told.here, told.turn));
    else this.here.take(told);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#verifyTimer);
    this.#upstream.close();
    this.#open();
  }

  async #catchUp(): Promise<void> {
    const turn = (this.#reading += 1);
    const { redis, roomId } = this.#place;
    this.#held ??= [];
    // Whatever these build on was stored before they were published, and so before the read that begins now.
    const complete = this.#held.length;
    try {
      for (let cursor = this.#ring.back(this.#newest, LATE_MS), full = true; full;) {
        const page = await readEvents(redis, roomId, cursor, this.here.turn);
        if (turn !== this.#reading || this.#closed) return;
        for (const event of page.events) this.#give(event);
        if (page.told !== null) this.correctHere(page.told);
        ({ cursor, full } = page);
        // An entry that is not one of our events still has an id: it must not count as missing for ever.
        if (compareCursors(cursor, this.#newest) > 0) this.#newest = cursor;
      }
    } catch (error) {
      if (turn !== this.#reading || this.#closed) return;
      if (error instanceof RoomError && error.reason === 'room_not_found') this.#handlers.gone();
      else this.#upstream.lost();
      return;
    }
    const held = this.#held;
    this.#held = null;
    for (const event of held.slice(0, complete)) this.#give(event);
    for (const event of held.slice(complete)) this.#take(event);
    this.#upstream.healthy();
    this.#open();
  }

  /** Passes a publication on, or holds it back where one before it was lost. */
  #take(event: FeedEvent): void {
    if (this.#held !== null) {
      this.#held.push(event);
    } else if (this.#lacks(event)) {
      this.#held = [event];
      void this.#catchUp();
    } else {
      this.#give(event);
    }
  }

  #lacks({ stored, id, previous, ends, presence }: FeedEvent): boolean {
    if (presence !== null && this.here.lacks(presence)) return true;
    // A published-only event repeats the newest id. Of a room that has ended there is nothing to read.
    const before = stored || ends === 'room' ? previous : id;
    return before !== null && compareCursors(before, this.#newest) > 0;
  }

  #give(event: FeedEvent): void {
    if (this.#closed) return;
    const ahead = compareCursors(event.id, this.#newest) > 0;
    // A read that was begun before the removal, or a late publication, may still bring the message.
    if (this.#ring.isTakenBack(event)) {
      if (ahead) this.#newest = event.id;
      return;
    }
    if (event.presence !== null && !this.here.take(event.presence)) return;
    if (event.stored && ahead) {
      this.#newest = event.id;
      this.#ring.add(event);
    } else if (event.stored) {
      // Writers of the stock library publish in another order than they store: late, but not lost.
      if (!this.#ring.misses(event.id)) return;
      this.#ring.add(event);
    }
    this.#handlers.event(event, ahead && event.stored);
  }
}
