import 'server-only';
import type { Bytes } from './bytes';
import { ENTRY_FOOTPRINT, ENTRY_WORD_FOOTPRINT, VALUE_FOOTPRINT, stringsFootprint } from './footprint';
import type { Reply } from './reply';
import { Value } from './values';

/** `<ms>-<seq>`, both unsigned 64-bit, as the one number `ms * 2^64 + seq`: ids compare as they are ordered. */
export type StreamId = bigint;

export const SEQUENCE_BITS = 64n;
export const SEQUENCE_MAX = 2n ** SEQUENCE_BITS - 1n;
export const STREAM_ID_MAX: StreamId = 2n ** 128n - 1n;

/** Redis trims `~` by whole nodes, which hold a hundred entries unless set otherwise. */
const ENTRIES_PER_NODE = 100;

export const formatStreamId = (id: StreamId): Bytes => `${id >> SEQUENCE_BITS}-${id & SEQUENCE_MAX}`;

export interface StreamEntry {
  readonly id: StreamId;
  /** Field, value, field, value, … */
  readonly fields: readonly Bytes[];
}

export const entryToReply = (entry: StreamEntry): Reply => [formatStreamId(entry.id), entry.fields];

/** How much of a stream an XADD keeps. */
export interface Trim {
  readonly by: 'length' | 'id';
  readonly threshold: bigint;
  readonly approximate: boolean;
}

const entryFootprint = ({ fields }: StreamEntry) =>
  ENTRY_FOOTPRINT + fields.length * ENTRY_WORD_FOOTPRINT + stringsFootprint(fields);

export class Stream extends Value {
  readonly type = 'stream';
  /** A stream outlives its entries: its last id must not be given twice. */
  readonly isEmpty = false;
  readonly #entries: StreamEntry[] = [];
  #lastId: StreamId = 0n;

  constructor() {
    super(VALUE_FOOTPRINT.stream);
  }

  get size(): number {
    return this.#entries.length;
  }

  get lastId(): StreamId {
    return this.#lastId;
  }

  /** @param entry its id is beyond `lastId` */
  append(entry: StreamEntry): void {
    this.grow(entryFootprint(entry));
    this.#entries.push(entry);
    this.#lastId = entry.id;
  }

  delete(id: StreamId): boolean {
    const index = this.#indexFrom(id);
    if (this.#entries[index]?.id !== id) return false;
    this.#remove(index, 1);
    return true;
  }

  /** Entries from `start` to `end`, both included, oldest first or newest first, at most `count` of them. */
  range(start: StreamId, end: StreamId, newestFirst: boolean, count: number): StreamEntry[] {
    const first = this.#indexFrom(start);
    const beyond = end === STREAM_ID_MAX ? this.#entries.length : this.#indexFrom(end + 1n);
    if (beyond <= first) return [];
    if (newestFirst) return this.#entries.slice(Math.max(first, beyond - count), beyond).reverse();
    return this.#entries.slice(first, Math.min(beyond, first + count));
  }

  trim({ by, threshold, approximate }: Trim): void {
    const excess = by === 'length' ? Math.max(0, this.#entries.length - Number(threshold)) : this.#indexFrom(threshold);
    // The last node is never full; Redis drops it only when nothing may remain.
    const kept = approximate && excess < this.#entries.length ? excess % ENTRIES_PER_NODE : 0;
    this.#remove(0, excess - kept);
  }

  #remove(from: number, count: number): void {
    for (const entry of this.#entries.splice(from, count)) this.grow(-entryFootprint(entry));
  }

  /** The index of the first entry whose id is `id` or later. */
  #indexFrom(id: StreamId): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry === undefined || entry.id >= id) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
