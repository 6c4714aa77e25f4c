import 'server-only';
import { compareCursors, type Cursor, earlierCursor } from '@/domain/message';
import type { FeedEvent } from './wire';

/** Some minutes of a lively room; anyone away for longer is answered from the stream. */
const RING_EVENTS_MAX = 512;
const RING_BYTES_MAX = 524_288;

/**
 * The latest events of a room in stream order, so a reconnect costs no read. A message that was taken back is not
 * among them, nor are its edits: nobody who comes back hears their words again.
 */
export class EventRing {
  readonly #events: FeedEvent[] = [];
  #bytes = 0;
  #start: Cursor;
  /** Messages that the events here took back. An older one that comes late stands before the start. */
  readonly #takenBack = new Set<string>();

  /** Begins empty, and covers everything after `start`. */
  constructor(start: Cursor) {
    this.#start = start;
  }

  /** Whether everything after the cursor is here. */
  covers(cursor: Cursor): boolean {
    return compareCursors(cursor, this.#start) >= 0;
  }

  /** A cursor `ms` earlier, but never earlier than the ring covers: events read again from there are recognised. */
  back(cursor: Cursor, ms: number): Cursor {
    const earlier = earlierCursor(cursor, ms);
    return this.covers(earlier) ? earlier : this.#start;
  }

  /** Whether an event is a message that was taken back, or an edit of one. */
  isTakenBack({ goesWith }: FeedEvent): boolean {
    return goesWith.some((id) => this.#takenBack.has(id));
  }

  /** Whether an event belongs here but is missing: it was published out of order. */
  misses(id: Cursor): boolean {
    return compareCursors(id, this.#start) > 0 && !this.#events.some((event) => event.id === id);
  }

  /** Searched from the end: most listeners come back after a moment. */
  after(cursor: Cursor): FeedEvent[] {
    return this.#events.slice(this.#events.findLastIndex((event) => compareCursors(event.id, cursor) <= 0) + 1);
  }

  add(event: FeedEvent): void {
    const last = this.#events.at(-1);
    const inOrder = last === undefined || compareCursors(event.id, last.id) > 0;
    const place = inOrder ? this.#events.length : this.#events.findIndex(({ id }) => compareCursors(id, event.id) > 0);
    this.#events.splice(place, 0, event);
    this.#bytes += event.bytes.byteLength;
    if (event.takesBack !== null) this.#takeBack(event.takesBack);
    while (this.#events.length > RING_EVENTS_MAX || this.#bytes > RING_BYTES_MAX) {
      const oldest = this.#events.shift();
      if (oldest === undefined) return;
      this.#bytes -= oldest.bytes.byteLength;
      this.#start = oldest.id;
      if (oldest.takesBack !== null) this.#takenBack.delete(oldest.takesBack);
    }
  }

  #takeBack(messageId: string): void {
    this.#takenBack.add(messageId);
    for (let index = this.#events.length - 1; index >= 0; index -= 1) {
      const event = this.#events[index];
      if (event?.goesWith.includes(messageId) !== true) continue;
      this.#events.splice(index, 1);
      this.#bytes -= event.bytes.byteLength;
    }
  }
}
