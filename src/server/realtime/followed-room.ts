import 'server-only';
import { RoomError } from '@/domain/errors';
import { compareCursors, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { readLeftMs } from '@/server/storage/extension';
import type { PublishedHere } from '@/server/storage/presence';
import type { StreamPlace } from './followed-stream';
import { KnownMembers } from './known-members';
import type { Listener } from './listener';
import { RoomFeed } from './room-feed';
import { type Arrival, type HeartbeatQuestion, RoomPresence } from './room-presence';
import { endOfRoom, type SeatMove } from './wire';

/** A room found missing this close to its end has expired: the reply that gave the end took its time. */
const EXPIRY_TOLERANCE_MS = 2_000;
/** How often a storage that does not answer is asked whether the room lives on; then its end counts as come. */
const END_QUESTIONS_MAX = 5;

export interface FollowedRoomHandlers {
  /** The process follows the room no longer. */
  released(): void;
  dropped(listener: Listener): void;
}

/** What the check of a listener’s credential found, in Redis or in the memory of this process. */
export interface Admission extends Arrival {
  memberId: MemberId;
  /** Where it left off; never later than the newest event. */
  cursor: Cursor;
  /** The stream's newest id. */
  newest: Cursor;
  /** The members who are here; null when that was not asked, because the process already follows it. */
  told: PublishedHere | null;
}

export interface RoomPlace extends StreamPlace {
  processId: string;
}

/** A room as one process follows it: its events, which members are here, and its end. */
export class FollowedRoom {
  readonly #place: RoomPlace;
  readonly #handlers: FollowedRoomHandlers;
  readonly #presence: RoomPresence;
  readonly #known = new KnownMembers();
  readonly #listeners = new Set<Listener>();
  #endsAt: number;
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
    this.#expiryTimer = this.#endIn(leftMs);
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

  /** Members with a stream at this process. */
  people(): number {
    const members = new Set<MemberId>();
    for (const { memberId } of this.#listeners) members.add(memberId);
    return members.size;
  }

  /** Whether this process follows which members are here. */
  get hearing(): boolean {
    return this.#feed !== null;
  }

  /**
   * Returns what a check in Redis would find for a credential that was checked here before, or null where only
   * Redis can know. This process knows while the member has a stream here or had one a moment ago, and nothing of
   * the room is known to be missing: it would have heard them leave. Only Redis can judge a position beyond the
   * newest event heard here, as they may have left before it.
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
      moved: (move) => this.#moved(move),
      dropped: (dropped) => this.#dropped(dropped),
    });
    const feed = this.#feed;
    feed.verify(newest);
    this.#listeners.add(listener);
    this.#present = true;
    this.#presence.arrived(listener.memberId, arrival);
    void feed.attach(listener, cursor).then(() => {
      // If they left during the check, the listener has ended by now; leaving later makes this process forget them.
      if (listener.open && feed === this.#feed) this.#known.remember(tokenHash, listener.memberId);
    });
  }

  /** The other side closed the stream. */
  closed(listener: Listener): void {
    listener.closed();
    this.#feed?.detach(listener);
    this.#dropped(listener);
  }

  sendTo(listener: Listener, bytes: Buffer): void {
    this.#feed?.sendTo(listener, bytes);
  }

  /** Ends every stream of this process with `lastBytes`; the room lives on elsewhere. */
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
      // From here on this process does not hear when a member leaves.
      this.#known.clear();
      this.#releaseWhenIdle();
    }, this.#place.timings.linger);
  }

  /** Credential and streams go on under the new id, also those that are still being attached. */
  #moved({ from, to }: SeatMove): void {
    for (const listener of this.#listeners) if (listener.memberId === from) listener.moveTo(to);
    this.#known.move(from, to);
    this.#presence.moved(from, to);
  }

  /** A heartbeat’s reply repairs whatever the subscription did not deliver. */
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

  /** The room is gone without an event: it expired, or was destroyed while this process could not hear it. */
  #gone(): void {
    this.#end(performance.now() >= this.#endsAt - EXPIRY_TOLERANCE_MS ? 'expired' : 'destroyed');
  }

  #endIn(waitMs: number, questions = 0): NodeJS.Timeout {
    return setTimeout(() => void this.#endUnlessMoved(questions), Math.max(0, waitMs));
  }

  /** Its members may have moved the end meanwhile, and the word of that be on its way: no listener hears of an end that has moved. */
  async #endUnlessMoved(questions: number): Promise<void> {
    const { redis, roomId, timings } = this.#place;
    try {
      const leftMs = await readLeftMs(redis, { roomId });
      if (this.#released) return;
      this.#endsAt = performance.now() + leftMs;
      this.#expiryTimer = this.#endIn(leftMs);
    } catch (error) {
      if (this.#released) return;
      const isGone = error instanceof RoomError && error.reason === 'room_not_found';
      if (isGone || questions >= END_QUESTIONS_MAX) this.#end('expired');
      else this.#expiryTimer = this.#endIn(timings.heartbeatRetry, questions + 1);
    }
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
