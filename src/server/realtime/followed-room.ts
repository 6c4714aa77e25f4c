import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import type { Listener } from './listener';
import { RoomFeed } from './room-feed';
import { RoomPresence } from './room-presence';
import { endOfRoom } from './wire';

/** How long a room without listeners stays followed: a reload finds it warm. */
const LINGER_MS = 5_000;

export interface FollowedRoomHandlers {
  /** Nothing of the room is left in this process. */
  released(): void;
  dropped(listener: Listener): void;
}

/** A room as one process follows it: its events, who of its members is here, and its end. */
export class FollowedRoom {
  readonly #redis: Redis;
  readonly #roomId: RoomId;
  readonly #handlers: FollowedRoomHandlers;
  readonly #presence: RoomPresence;
  readonly #listeners = new Set<Listener>();
  readonly #endsAt: number;
  #feed: RoomFeed | null = null;
  #expiryTimer: NodeJS.Timeout;
  #lingerTimer: NodeJS.Timeout | undefined;
  #present = false;

  /** `leftMs`: until the room expires, by Redis's clock. */
  constructor(redis: Redis, roomId: RoomId, processId: string, leftMs: number, handlers: FollowedRoomHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#handlers = handlers;
    this.#endsAt = performance.now() + leftMs;
    this.#expiryTimer = setTimeout(() => this.#end('expired'), Math.max(0, leftMs));
    this.#presence = new RoomPresence(redis, roomId, processId, {
      newest: (id) => this.#feed?.verify(id),
      gone: () => this.#gone(),
      empty: () => {
        this.#present = false;
        this.#releaseWhenIdle();
      },
    });
  }

  listen(listener: Listener, cursor: Cursor): void {
    clearTimeout(this.#lingerTimer);
    this.#feed ??= new RoomFeed(this.#redis, this.#roomId, cursor, {
      ended: () => this.#release(),
      gone: () => this.#gone(),
      dropped: (dropped) => this.#dropped(dropped),
    });
    this.#listeners.add(listener);
    this.#present = true;
    this.#presence.arrived(listener.memberId);
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
    for (const listener of this.#listeners) listener.end(lastBytes);
    this.#release();
    await this.#presence.withdraw();
  }

  #dropped(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    this.#presence.departed(listener.memberId);
    this.#handlers.dropped(listener);
    if (this.#listeners.size > 0) return;
    this.#lingerTimer = setTimeout(() => {
      this.#feed?.close();
      this.#feed = null;
      this.#releaseWhenIdle();
    }, LINGER_MS);
  }

  /** The room went without a word: it expired, or was destroyed while nobody here could hear it. */
  #gone(): void {
    this.#end(performance.now() >= this.#endsAt ? 'expired' : 'destroyed');
  }

  #end(reason: 'destroyed' | 'expired'): void {
    if (this.#feed !== null) this.#feed.end(endOfRoom(this.#roomId, this.#feed.newest, reason));
    this.#release();
  }

  #releaseWhenIdle(): void {
    if (this.#feed === null && !this.#present) this.#release();
  }

  #release(): void {
    clearTimeout(this.#expiryTimer);
    clearTimeout(this.#lingerTimer);
    this.#presence.stop();
    this.#feed?.close();
    this.#handlers.released();
  }
}
