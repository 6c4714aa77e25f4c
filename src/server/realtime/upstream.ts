import 'server-only';
import type { RoomId } from '@/domain/room';
import { createRetry, type Retry } from '@/lib/retry';
import type { StorageRedis } from '@/server/storage/client';
import { DEAF } from '@/server/storage/requesters/requester';
import type { StreamTimings } from './stream-timings';

export interface UpstreamHandlers {
  /** From now on every publication arrives; earlier ones must be read. Called again after each gap. */
  confirmed(): void;
  published(text: string): void;
}

/** The one subscription of a room in this process, made again with full jitter whenever it is lost. */
export class Upstream {
  readonly #redis: StorageRedis;
  readonly #roomId: RoomId;
  readonly #timings: StreamTimings;
  readonly #handlers: UpstreamHandlers;
  readonly #retry: Retry;
  #subscription: AbortController | null = null;
  #inForce = false;
  /** Until when Redis must have confirmed it. */
  #confirmation: NodeJS.Timeout | undefined;

  constructor(redis: StorageRedis, roomId: RoomId, timings: StreamTimings, handlers: UpstreamHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#timings = timings;
    this.#handlers = handlers;
    this.#retry = createRetry(timings.retry, () => Math.random());
  }

  /** Whether Redis has confirmed the subscription and has not ended it since. */
  get inForce(): boolean {
    return this.#inForce;
  }

  /** Subscribes, in place of the subscription there may be. */
  open(): void {
    this.close();
    const subscription = new AbortController();
    this.#subscription = subscription;
    const whileCurrent = (act: () => void) => () => {
      if (this.#subscription === subscription) act();
    };
    const lost = whileCurrent(() => this.lost());
    this.#confirmation = setTimeout(
      whileCurrent(() => this.#lost(DEAF)),
      this.#timings.confirm,
    );
    // A publication may overtake the confirmation: it waits, because whatever came before it must be read first.
    let early: string[] | null = [];
    const confirmed = () => {
      clearTimeout(this.#confirmation);
      this.#inForce = true;
      this.#handlers.confirmed();
      const overtaking = early ?? [];
      early = null;
      for (const text of overtaking) this.#handlers.published(text);
    };
    const onLine = (line: string) => {
      if (this.#subscription !== subscription) return;
      // `<kind>,<channel>,<payload>`: a room's id holds no comma, and a payload may.
      const kind = line.slice(0, line.indexOf(','));
      if (kind === 'subscribe') confirmed();
      else if (kind === 'unsubscribe') this.lost();
      else if (kind === 'message') {
        const text = line.slice(line.indexOf(',', kind.length + 1) + 1);
        if (early === null) this.#handlers.published(text);
        else early.push(text);
      }
    };
    this.#redis.follow(this.#roomId, onLine, subscription.signal).catch(lost);
  }

  /** Subscribes again, over another connection than the one that did not deliver what was published. */
  replace(): void {
    this.#close(DEAF);
    this.open();
  }

  /** Missed events have been read: the next loss begins with a short wait again. */
  healthy(): void {
    this.#retry.reset();
  }

  /** Follows again after a while. */
  lost(): void {
    this.#lost();
  }

  close(): void {
    this.#close();
  }

  #lost(why?: typeof DEAF): void {
    this.#close(why);
    this.#retry.schedule(() => this.open());
  }

  #close(why?: typeof DEAF): void {
    clearTimeout(this.#confirmation);
    this.#retry.cancel();
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#inForce = false;
    subscription?.abort(why);
  }
}
