import 'server-only';
import type { Cursor } from '@/domain/message';
import type { Listener } from './listener';
import { RoomFeed } from './room-feed';
import { type Arrival, type PresencePlace, RoomPresence } from './room-presence';
import { endOfRoom } from './wire';

/** What is found missing this close to the end has expired: the answer that told the end took its time. */
const EXPIRY_TOLERANCE_MS = 2_000;

export interface FollowedRoomHandlers {
  /** Nothing of the room is left in this process. */
  released(): void;
  dropped(listener: Listener): void;
}

/** How a listener comes: what the check of its credential found. */
export interface Admission extends Arrival {
  /** Where it left off; not later than the newest event. */
  cursor: Cursor;
  /** The stream's newest id. */
  newest: Cursor;
  /** Who is here, as a JSON list; null when that was not asked, as the process hears it already. */
  here: string | null;
}

/** A room as one process follows it: its events, who of its members is here, and its end. */
export class FollowedRoom {
  readonly #place: PresencePlace;
  readonly #handlers: FollowedRoomHandlers;
  readonly #presence: RoomPresence;
  readonly #listeners = new Set<Listener>();
  readonly #endsAt: number;
  #feed: RoomFeed | null = null;
  #expiryTimer: NodeJS.Timeout;
  #lingerTimer: NodeJS.Timeout | undefined;
  #present = false;
  #released = false;

  /** `leftMs`: until the room expires, by Redis's clock. */
  constructor(place: PresencePlace, leftMs: number, handlers: FollowedRoomHandlers) {
    this.#place = place;
    this.#handlers = handlers;
    this.#endsAt = performance.now() + leftMs;
    this.#expiryTimer = setTimeout(() => this.#end('expired'), Math.max(0, leftMs));
    this.#presence = new RoomPresence(place, {
      asking: () => this.#asking(),
      gone: () => this.#gone(),
      empty: () => {
        this.#present = false;
        this.#releaseWhenIdle();
      },
    });
  }

  /** Whether this process hears of who is here. */
  get hearing(): boolean {
    return this.#feed !== null;
  }

  listen(listener: Listener, { cursor, newest, here, ...arrival }: Admission): void {
    clearTimeout(this.#lingerTimer);
    this.#feed ??= new RoomFeed(this.#place, cursor, here, {
      ended: () => this.#release(),
      gone: () => this.#gone(),
      dropped: (dropped) => this.#dropped(dropped),
    });
    this.#feed.verify(newest);
    this.#listeners.add(listener);
    this.#present = true;
    this.#presence.arrived(listener.memberId, arrival);
    void this.#feed.attach(listener, cursor);
  }

  /** The other side closed the stream. */
  closed(listener: Listener): void {
    listener.closed();
    this.#feed?.detach(listener);
    this.#dropped(listener);
  }

  broadcast(bytes: Buffer): void {
    this.#feed?.broadcast(bytes);
  }

  /** Ends every stream of this process with a word; the room lives on elsewhere. */
  async leave(lastBytes: Buffer): Promise<void> {
    this.#release();
    for (const listener of this.#listeners) {
      listener.end(lastBytes);
      this.#dropped(listener);
    }
    await this.#presence.withdraw();
  }

  #dropped(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    this.#presence.departed(listener.memberId);
    this.#handlers.dropped(listener);
    if (this.#listeners.size > 0 || this.#released) return;
    this.#lingerTimer = setTimeout(() => {
      this.#feed?.close();
      this.#feed = null;
      this.#releaseWhenIdle();
    }, this.#place.timings.linger);
  }

  /** What a heartbeat learns repairs what the subscription did not tell. */
  #asking(): (newest: Cursor, here: string | null) => void {
    const feed = this.#feed;
    const heard = feed?.presenceHeard;
    return (newest, here) => {
      if (feed === null || feed !== this.#feed) return;
      feed.verify(newest);
      // A word that came meanwhile may be newer than the answer.
      if (here !== null && feed.presenceHeard === heard) feed.correctPresence(here);
    };
  }

  /** The room went without a word: it expired, or was destroyed while nobody here could hear it. */
  #gone(): void {
    this.#end(performance.now() >= this.#endsAt - EXPIRY_TOLERANCE_MS ? 'expired' : 'destroyed');
  }

  #end(reason: 'destroyed' | 'expired'): void {
    if (this.#feed !== null) this.#feed.end(endOfRoom(this.#place.roomId, this.#feed.newest, reason));
    this.#release();
  }

  #releaseWhenIdle(): void {
    if (this.#feed === null && !this.#present) this.#release();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    clearTimeout(this.#expiryTimer);
    clearTimeout(this.#lingerTimer);
    this.#presence.stop();
    this.#feed?.close();
    this.#handlers.released();
  }
}
