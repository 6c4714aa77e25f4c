import 'server-only';
import { RoomError } from '@/domain/errors';
import { compareCursors, type Cursor } from '@/domain/message';
import type { PublishedHere } from '@/server/storage/presence';
import { FollowedStream, type StreamPlace } from './followed-stream';
import type { Listener } from './listener';
import { ReplayPlaces } from './replay-places';
import {
  connectedFrame,
  type FeedEvent,
  presenceChanged,
  readAfreshFrame,
  reconnectFrame,
  type SeatMove,
} from './wire';

/** Past this many events a listener is better served by the history. */
const REPLAY_EVENTS_MAX = 2_000;

const replayPlaces = new ReplayPlaces();

export interface FeedHandlers {
  /** The room’s last event was sent to everybody. */
  ended(): void;
  /** The room was found to be gone; no event said so. */
  gone(): void;
  /** A member gave up their seat or lost it: their streams end. */
  left(memberId: string): void;
  /** A seat has another member id; reported again for each listener that is found under the former one. */
  moved(move: SeatMove): void;
  /** A listener was disconnected, or ended because its member left. */
  dropped(listener: Listener): void;
}

/** The listeners of one room in this process, and what each of them hears: the same bytes for everybody. */
export class RoomFeed {
  readonly #place: StreamPlace;
  readonly #handlers: FeedHandlers;
  readonly #stream: FollowedStream;
  readonly #listeners = new Set<Listener>();
  /** Listeners that arrived knowing more than this process had heard, and how far they were. */
  readonly #ahead = new Map<Listener, Cursor>();
  /** The event that ended the room, for listeners that are still being attached. */
  #lastBytes: Buffer | undefined;
  /** The list of members who are here, as the bytes that a new stream begins with; made once for each turn. */
  #hereBytes: { ids: readonly string[]; bytes: Buffer } | null = null;

  /**
   * `start`: the cursor of the first listener, so one read serves the gap and its replay. `told`: the list of members
   * who are here by then, where it is known.
   */
  constructor(place: StreamPlace, start: Cursor, told: PublishedHere | null, handlers: FeedHandlers) {
    this.#place = place;
    this.#handlers = handlers;
    this.#stream = new FollowedStream(place, start, told, {
      event: (event, inOrder) => this.#dispatch(event, inOrder),
      gone: () => handlers.gone(),
    });
  }

  get newest(): Cursor {
    return this.#stream.newest;
  }

  /** The turn of the newest list of members who are here. */
  get hereTurn(): number {
    return this.#stream.here.turn;
  }

  /** Whether nothing of the room is known to be missing. */
  get whole(): boolean {
    return this.#stream.whole;
  }

  /** Sends everything after the cursor, then live events. */
  async attach(listener: Listener, cursor: Cursor): Promise<void> {
    await this.#stream.opened;
    listener.write(connectedFrame(this.#place.roomId, cursor));
    try {
      const from = await this.#replay(listener, cursor);
      // Nothing is awaited from here on, so no event falls between the ring and the live ones.
      for (const event of this.#stream.after(from)) this.#send(listener, event);
      if (this.hereTurn > 0) listener.write(this.#here());
      if (this.#stream.closed) listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
      if (compareCursors(from, this.newest) > 0) this.#ahead.set(listener, from);
    } catch (error) {
      if (error instanceof RoomError && error.reason === 'room_not_found') this.#handlers.gone();
      listener.end(this.#lastBytes ?? reconnectFrame(Date.now()));
    }
    if (listener.open) this.#listeners.add(listener);
    else this.#drop(listener);
  }

  detach(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#ahead.delete(listener);
  }

  verify(newest: Cursor): void {
    this.#stream.verify(newest);
  }

  correctHere(told: PublishedHere): void {
    this.#stream.correctHere(told);
  }

  /** Sends to one listener alone, once it is attached. */
  sendTo(listener: Listener, bytes: Buffer): void {
    if (this.#listeners.has(listener) && !listener.write(bytes)) this.#drop(listener);
  }

  /** Sends everybody the last event and ends their streams. */
  end(event: FeedEvent): void {
    if (this.#stream.closed) return;
    this.#lastBytes = event.bytes;
    this.close();
    for (const listener of [...this.#listeners]) {
      listener.end(event.bytes);
      this.#drop(listener);
    }
  }

  close(): void {
    this.#stream.close();
  }

  /** From the ring where it reaches back far enough, else page by page from the stream, as fast as the reader takes it. */
  async #replay(listener: Listener, cursor: Cursor): Promise<Cursor> {
    if (this.#stream.covers(cursor)) return cursor;
    await replayPlaces.take(listener);
    try {
      return await this.#replayPages(listener, cursor);
    } finally {
      replayPlaces.give(listener);
    }
  }

  async #replayPages(listener: Listener, cursor: Cursor): Promise<Cursor> {
    let from = cursor;
    for (let events = 0; listener.open && !this.#stream.covers(from);) {
      if (events >= REPLAY_EVENTS_MAX) {
        listener.end(readAfreshFrame());
        break;
      }
      const page = await this.#stream.read(from);
      events += page.events.length;
      from = page.cursor;
      // Released one by one: a slow reader holds the rest of a page, not all of it.
      for (let event = page.events.shift(); event !== undefined; event = page.events.shift()) {
        if (this.#stream.isTakenBack(event)) continue;
        this.#send(listener, event);
        await listener.ready(this.#place.timings.stall);
      }
    }
    return from;
  }

  #here(): Buffer {
    const { ids, turn } = this.#stream.here;
    if (this.#hereBytes?.ids !== ids) {
      this.#hereBytes = { ids, bytes: presenceChanged(this.#place.roomId, this.newest, ids, turn).bytes };
    }
    return this.#hereBytes.bytes;
  }

  #dispatch(event: FeedEvent, inOrder: boolean): void {
    if (event.ends === 'room') {
      this.end(event);
      this.#handlers.ended();
      return;
    }
    if (event.ends !== null) this.#handlers.left(event.ends.memberId);
    if (event.moves !== null) this.#handlers.moved(event.moves);
    for (const listener of this.#listeners) {
      if (event.to !== null && listener.memberId !== event.to) continue;
      if (inOrder && this.#ahead.size > 0 && this.#knows(listener, event.id)) continue;
      this.#send(listener, event);
    }
    for (const listener of this.#listeners) if (!listener.open) this.#drop(listener);
  }

  /** Whether a listener had come this far before it arrived here, through another process or the history. */
  #knows(listener: Listener, id: Cursor): boolean {
    const from = this.#ahead.get(listener);
    if (from === undefined) return false;
    if (compareCursors(id, from) <= 0) return true;
    this.#ahead.delete(listener);
    return false;
  }

  /** The event of a member’s own leaving is the last that they receive, live or in a replay. */
  #send(listener: Listener, { bytes, ends, moves }: FeedEvent): void {
    // The check of its credential may have crossed the move, which it then meets in its replay.
    if (moves?.from === listener.memberId) this.#handlers.moved(moves);
    if (ends !== null && ends !== 'room' && ends.memberId === listener.memberId) listener.end(bytes);
    else listener.write(bytes);
  }

  #drop(listener: Listener): void {
    this.detach(listener);
    this.#handlers.dropped(listener);
  }
}
