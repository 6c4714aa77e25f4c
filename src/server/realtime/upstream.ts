import 'server-only';
import type { RoomId } from '@/domain/room';
import type { StorageRedis } from '@/server/storage/client';
import { DEAF } from '@/server/storage/requesters/requester';
import { backoffMs } from './backoff';
import type { StreamTimings } from './stream-timings';

export interface UpstreamHandlers {
  /** From now on every publication arrives; what came before must be read. Called again after each gap. */
  confirmed(): void;
  published(text: string): void;
}

/** The one subscription of a room and process, followed again with full jitter whenever it is lost. */
export class Upstream {
  readonly #redis: StorageRedis;
  readonly #roomId: RoomId;
  readonly #timings: StreamTimings;
  readonly #handlers: UpstreamHandlers;
  #subscription: AbortController | null = null;
  #inForce = false;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;

  constructor(redis: StorageRedis, roomId: RoomId, timings: StreamTimings, handlers: UpstreamHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#timings = timings;
    this.#handlers = handlers;
  }

  /** Whether Redis has confirmed the subscription, and nobody has said since that it ended. */
  get inForce(): boolean {
    return this.#inForce;
  }

  /** Subscribes, in place of a subscription that there may be. */
  open(): void {
    this.close();
    const subscription = new AbortController();
    this.#subscription = subscription;
    const whileCurrent = (act: () => void) => () => {
      if (this.#subscription === subscription) act();
    };
    const lost = whileCurrent(() => this.lost());
    this.#timer = setTimeout(
      whileCurrent(() => this.#lost(DEAF)),
      this.#timings.confirm,
    );
    // A publication may overtake the word that the subscription is in force: what lies before it is still to be read.
    let early: string[] | null = [];
    const confirmed = () => {
      clearTimeout(this.#timer);
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

  /** Subscribes anew, and not by the connection that has told nothing of what was published. */
  replace(): void {
    this.#close(DEAF);
    this.open();
  }

  /** What was missed has been read: the next loss starts over with a short wait. */
  healthy(): void {
    this.#attempt = 0;
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
    this.#timer = setTimeout(() => this.open(), backoffMs(this.#attempt, this.#timings));
    this.#attempt += 1;
  }

  #close(why?: typeof DEAF): void {
    clearTimeout(this.#timer);
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#inForce = false;
    subscription?.abort(why);
  }
}
