import 'server-only';
import { compareCursors, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { PublishedHere } from '@/server/storage/presence';
import type { StreamPlace } from './followed-stream';
import { KnownMembers } from './known-members';
import type { Listener } from './listener';
import { RoomFeed } from './room-feed';
import { type Arrival, type HeartbeatQuestion, RoomPresence } from './room-presence';
import { endOfRoom } from './wire';

/** What is found missing this close to the end has expired: the answer that told the end took its time. */
const EXPIRY_TOLERANCE_MS = 2_000;

export interface FollowedRoomHandlers {
  /** Nothing of the room is left in this process. */
  released(): void;
  dropped(listener: Listener): void;
}

/** How a listener comes: what the check of its credential found, in Redis or in the memory of this process. */
export interface Admission extends Arrival {
  memberId: MemberId;
  /** Where it left off; not later than the newest event. */
  cursor: Cursor;
  /** The stream's newest id. */
  newest: Cursor;
  /** Who was told to be here; null when that was not asked, as the process hears it already. */
  told: PublishedHere | null;
}

export interface RoomPlace extends StreamPlace {
  processId: string;
}

/** A room as one process follows it: its events, who of its members is here, and its end. */
export class FollowedRoom {
  readonly #place: RoomPlace;
  readonly #handlers: FollowedRoomHandlers;
  readonly #presence: RoomPresence;
  readonly #known = new KnownMembers();
  readonly #listeners = new Set<Listener>();
  readonly #endsAt: number;
  #feed: RoomFeed | null = null;
  #expiryTimer: NodeJS.Timeout;
  #lingerTimer: NodeJS.Timeout | undefined;
  #present = false;
  #released = false;

  /** `leftMs`: until the room expires, by Redis's clock. */
  constructor(place: RoomPlace, leftMs: number, handlers: FollowedRoomHandlers) {
    this.#place = place;
    this.#handlers = handlers;
    this.#endsAt = performance.now() + leftMs;
    this.#expiryTimer = setTimeout(() => this.#end('expired'), Math.max(0, leftMs));
    this.#presence = new RoomPresence(place, {
      asking: () => this.#asking(),
      away: (memberId) => this.#known.forget(memberId),
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

  /**
   * What a check in Redis would say of a credential that was checked here before, or null where only
   * Redis can say it. It can be said while the member has a stream here or had one a moment ago, and
   * nothing of the room is known to be missing: their leave would have been heard. A position beyond
   * what was heard is Redis's to judge, as their leave may lie before it.
   */
  recall(tokenHash: string, lastAck: Cursor | null): Admission | null {
    const memberId = this.#known.memberOf(tokenHash);
    if (memberId === undefined || this.#feed?.whole !== true) return null;
    const { newest } = this.#feed;
    if (lastAck !== null && compareCursors(lastAck, newest) > 0) return null;
    return { memberId, cursor: lastAck ?? newest, newest, told: null, askedAt: performance.now(), waitMs: 0 };
  }

  listen(listener: Listener, tokenHash: string, { cursor, newest, told, ...arrival }: Admission): void {
    clearTimeout(this.#lingerTimer);
    this.#feed ??= new RoomFeed(this.#place, cursor, told, {
      ended: () => this.#release(),
      gone: () => this.#gone(),
      left: (memberId) => this.#known.forget(memberId),
      dropped: (dropped) => this.#dropped(dropped),
    });
    const feed = this.#feed;
    feed.verify(newest);
    this.#listeners.add(listener);
    this.#present = true;
    this.#presence.arrived(listener.memberId, arrival);
    void feed.attach(listener, cursor).then(() => {
      // A leave that crossed the check has ended the listener by now; what comes later is forgotten as it is heard.
      if (listener.open && feed === this.#feed) this.#known.remember(tokenHash, listener.memberId);
    });
  }

  /** The other side closed the stream. */
  closed(listener: Listener): void {
    listener.closed();
    this.#feed?.detach(listener);
    this.#dropped(listener);
  }

  tell(listener: Listener, bytes: Buffer): void {
    this.#feed?.tell(listener, bytes);
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
      // From here on nobody hears of a member who leaves.
      this.#known.clear();
      this.#releaseWhenIdle();
    }, this.#place.timings.linger);
  }

  /** What a heartbeat learns repairs what the subscription did not tell. */
  #asking(): HeartbeatQuestion {
    const feed = this.#feed;
    return {
      turn: feed?.hereTurn ?? 0,
      learn: (newest, told) => {
        if (feed === null || feed !== this.#feed) return;
        feed.verify(newest);
        if (told !== null) feed.correctHere(told);
      },
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
