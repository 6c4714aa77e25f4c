import 'server-only';
import type { Redis } from '@upstash/redis';
import type { RoomId } from '@/domain/room';
import { backoffMs } from './backoff';
import type { StreamTimings } from './stream-timings';

export interface UpstreamHandlers {
  /** From now on every publication arrives; what came before must be read. Called again after each gap. */
  confirmed(): void;
  published(text: string): void;
}

/** The one subscription of a room and process, followed again with full jitter whenever it is lost. */
export class Upstream {
  readonly #redis: Redis;
  readonly #roomId: RoomId;
  readonly #timings: StreamTimings;
  readonly #handlers: UpstreamHandlers;
  #subscriber: ReturnType<Redis['subscribe']> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;

  constructor(redis: Redis, roomId: RoomId, timings: StreamTimings, handlers: UpstreamHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#timings = timings;
    this.#handlers = handlers;
  }

  /** Subscribes, in place of a subscription that there may be. */
  open(): void {
    this.close();
    const subscriber = this.#redis.subscribe<unknown>(this.#roomId);
    this.#subscriber = subscriber;
    const lost = () => {
      if (this.#subscriber === subscriber) this.lost();
    };
    this.#timer = setTimeout(lost, this.#timings.confirm);
    // A publication may overtake the word that the subscription is in force: what lies before it is still to be read.
    let early: string[] | null = [];
    subscriber.on('subscribe', () => {
      if (this.#subscriber !== subscriber) return;
      clearTimeout(this.#timer);
      this.#handlers.confirmed();
      const overtaking = early ?? [];
      early = null;
      for (const text of overtaking) this.#handlers.published(text);
    });
    subscriber.on('message', ({ message }) => {
      if (this.#subscriber !== subscriber) return;
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      if (early === null) this.#handlers.published(text);
      else early.push(text);
    });
    subscriber.on('unsubscribe', lost);
    subscriber.on('error', lost);
  }

  /** What was missed has been read: the next loss starts over with a short wait. */
  healthy(): void {
    this.#attempt = 0;
  }

  /** Follows again after a while. */
  lost(): void {
    this.close();
    this.#timer = setTimeout(() => this.open(), backoffMs(this.#attempt, this.#timings));
    this.#attempt += 1;
  }

  close(): void {
    clearTimeout(this.#timer);
    const subscriber = this.#subscriber;
    this.#subscriber = null;
    if (subscriber !== null) void subscriber.unsubscribe();
  }
}
