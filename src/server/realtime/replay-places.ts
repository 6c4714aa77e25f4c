import 'server-only';
import type { Listener } from './listener';

/** Each holds a page and the bytes its reader has not taken yet: together, a few hundred pages of history. */
const REPLAYS_MAX = 256;
/** A reader this slow loses its place to one that waits, and comes back by its cursor. */
const HELD_MS = 5_000;

/**
 * Places for the streams that this process replays at once. The bytes of a replay belong to one reader, unlike those of
 * live events, which all share: hundreds of readers who take next to nothing would hold hundreds of megabytes.
 */
export class ReplayPlaces {
  readonly #max: number;
  /** The listeners that have a place, and since when; the longest first. */
  readonly #held = new Map<Listener, number>();
  readonly #waiting = new Set<() => void>();

  constructor(max = REPLAYS_MAX) {
    this.#max = max;
  }

  /** Resolves when the listener has a place, or has disconnected. */
  async take(listener: Listener): Promise<void> {
    while (listener.open && this.#held.size >= this.#max) {
      const [slowest] = this.#held;
      const leftMs = slowest === undefined ? 0 : slowest[1] + HELD_MS - performance.now();
      if (slowest !== undefined && leftMs <= 0) {
        slowest[0].disconnect();
        this.#held.delete(slowest[0]);
      } else {
        await this.#change(leftMs);
      }
    }
    this.#held.set(listener, performance.now());
  }

  give(listener: Listener): void {
    if (!this.#held.delete(listener)) return;
    const [next] = this.#waiting;
    next?.();
  }

  /** Resolves when a place was given back, or after the time. */
  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const proceed = () => {
        clearTimeout(timer);
        this.#waiting.delete(proceed);
        resolve();
      };
      const timer = setTimeout(proceed, waitMs);
      this.#waiting.add(proceed);
    });
  }
}
