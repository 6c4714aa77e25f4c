import 'server-only';
import { getHeapStatistics } from 'node:v8';
import { log } from '@/server/log';

/** The engine, as far as its ceiling is concerned. */
export interface Filling {
  /** Bytes held, expired keys that await the sweep included. */
  readonly footprint: number;
  /** Removes expired keys, at most `max` of them, and returns how many. */
  sweep(max: number): number;
}

/** A log line when the share is reached, and the next only after it fell below `again`: rooms that come and go at the mark are not news. */
const MARKS = [
  { level: 'warn', event: 'storage.nearly_full', share: 0.8, again: 0.7 },
  { level: 'error', event: 'storage.full', share: 1, again: 0.9 },
] as const;

/** Few enough that a sweep which a request waits for stays under a millisecond, as a rule. */
const KEYS_PER_STEP = 1_000;
const MB = 1_048_576;
const inMb = (bytes: number) => Math.round(bytes / MB);

/**
 * A ceiling above the heap is useless: the process would die before it refused anybody. Requests, streams and garbage
 * take as much memory again as the storage does.
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

  /** Whether that part of it is filled; all of it unless given. */
  isFull(part = 1): boolean {
    return this.#holds(part * this.#maxBytes);
  }

  /** Logs the marks that were reached; called after everything that may have changed the storage. */
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

  /** Sweeps expired keys before anybody is refused because of them. */
  #holds(bytes: number): boolean {
    while (this.#filling.footprint >= bytes) {
      if (this.#filling.sweep(KEYS_PER_STEP) === 0) return true;
    }
    return false;
  }
}
