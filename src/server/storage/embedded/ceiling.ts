import 'server-only';
import { getHeapStatistics } from 'node:v8';
import { log } from '@/server/log';

/** What fills up: the engine, as far as its ceiling is concerned. */
export interface Filling {
  /** Bytes held, what has expired and awaits the sweep included. */
  readonly footprint: number;
  /** Removes expired keys, at most `max` of them; answers how many. */
  sweep(max: number): number;
}

/** A log line when the share is reached, and none again before it fell below `again`: rooms that come and go at the mark are no news. */
const MARKS = [
  { level: 'warn', event: 'storage.nearly_full', share: 0.8, again: 0.7 },
  { level: 'error', event: 'storage.full', share: 1, again: 0.9 },
] as const;

/** Few enough that a sweep which a request waits for stays under a millisecond, as a rule. */
const KEYS_PER_STEP = 1_000;
const MB = 1_048_576;
const inMb = (bytes: number) => Math.round(bytes / MB);

/**
 * A ceiling above the heap is none: the process would die before it refused anybody. What the storage takes, requests, streams
 * and garbage take again.
 */
export function warnBeyondHeap(maxBytes: number): void {
  const heapBytes = getHeapStatistics().heap_size_limit;
  if (maxBytes > heapBytes / 2)
    log('warn', 'storage.ceiling_beyond_heap', { maxMb: inMb(maxBytes), heapMb: inMb(heapBytes) });
}

/** How many bytes the storage of this process may hold, and who hears about it. */
export class Ceiling {
  readonly #filling: Filling;
  readonly #maxBytes: number;
  readonly #reported = new Set<(typeof MARKS)[number]>();

  constructor(filling: Filling, maxBytes: number) {
    this.#filling = filling;
    this.#maxBytes = maxBytes;
  }

  isFull(): boolean {
    return this.#holds(this.#maxBytes);
  }

  /** Writes what there is to report; called after whatever may have changed the storage. */
  watch(): void {
    for (const mark of MARKS) {
      if (this.#reported.has(mark)) {
        if (this.#filling.footprint < mark.again * this.#maxBytes) this.#reported.delete(mark);
      } else if (this.#holds(mark.share * this.#maxBytes)) {
        this.#reported.add(mark);
        log(mark.level, mark.event, { heldMb: inMb(this.#filling.footprint), maxMb: inMb(this.#maxBytes) });
      }
    }
  }

  /** What has expired is swept before anybody is refused on its account. */
  #holds(bytes: number): boolean {
    while (this.#filling.footprint >= bytes) {
      if (this.#filling.sweep(KEYS_PER_STEP) === 0) return true;
    }
    return false;
  }
}
