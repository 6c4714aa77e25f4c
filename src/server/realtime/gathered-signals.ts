import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import type { Cursor } from '@/domain/message';
import type { Signal } from '@/domain/requests';
import type { MemberId, RoomId } from '@/domain/room';
import { logError } from '@/server/log';
import { type NotedSignal, publishSignals } from '@/server/storage/signals';

/** Signals of a room since its last publication. */
interface Gathered {
  readonly typing: Set<MemberId>;
  readonly seen: Map<MemberId, Cursor>;
}

/**
 * Gathers the signals of each room into at most one publication in `gapMs` for this process. The first one after a rest is
 * published by the script that checks it, so somebody who writes alone costs one command; a room without signals costs nothing.
 */
export class GatheredSignals {
  readonly #redis: Redis;
  readonly #gapMs: number;
  /** Rooms in which something is being published, or was less than the gap ago. */
  readonly #rooms = new Map<RoomId, Gathered>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(redis: Redis, gapMs: number) {
    this.#redis = redis;
    this.#gapMs = gapMs;
  }

  /**
   * Takes a signal. `note` checks it, and publishes it if it is asked to.
   *
   * @throws RoomError as `note` does
   */
  async take(
    roomId: RoomId,
    { typing, seen }: Signal,
    note: (publishes: boolean) => Promise<NotedSignal>,
  ): Promise<void> {
    const hasNews = typing === true || seen !== undefined;
    if (!hasNews || this.#closed || this.#rooms.has(roomId)) {
      this.#gather(roomId, typing, await note(false));
      return;
    }
    this.#rooms.set(roomId, { typing: new Set(), seen: new Map() });
    let published = false;
    try {
      const noted = await note(true);
      published = typing === true || noted.seen !== null;
    } finally {
      if (published) this.#rest(roomId);
      // A signal that was refused, or was no news, does not hold up those that came meanwhile.
      else this.#publish(roomId);
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#rooms.clear();
  }

  #gather(roomId: RoomId, typing: boolean | undefined, { memberId, seen }: NotedSignal): void {
    if (this.#closed) return;
    const resting = this.#rooms.get(roomId);
    const gathered = resting ?? { typing: new Set(), seen: new Map() };
    if (typing === true) gathered.typing.add(memberId);
    if (typing === false) gathered.typing.delete(memberId);
    if (seen !== null) gathered.seen.set(memberId, seen);
    if (resting !== undefined) return;
    this.#rooms.set(roomId, gathered);
    this.#publish(roomId);
  }

  #rest(roomId: RoomId): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#publish(roomId);
    }, this.#gapMs);
    this.#timers.add(timer);
  }

  #publish(roomId: RoomId): void {
    const gathered = this.#rooms.get(roomId);
    if (gathered === undefined) return;
    const { typing, seen } = gathered;
    if (typing.size === 0 && seen.size === 0) {
      this.#rooms.delete(roomId);
      return;
    }
    const data = {
      ...(typing.size > 0 && { typing: [...typing] }),
      ...(seen.size > 0 && { seen: Object.fromEntries(seen) }),
    };
    this.#rooms.set(roomId, { typing: new Set(), seen: new Map() });
    void publishSignals(this.#redis, roomId, data)
      // They are news for seconds only: the next ones are published, these are not repeated.
      .catch((error: unknown) => {
        if (!(error instanceof RoomError && error.reason === 'room_not_found')) {
          logError('signals.publish_failed', error);
        }
      })
      .finally(() => this.#rest(roomId));
  }
}
