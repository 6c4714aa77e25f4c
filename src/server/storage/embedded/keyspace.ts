import 'server-only';
import type { Bytes } from './bytes';
import { ExpiryHeap, type Expiring } from './expiry-heap';
import { KEY_FOOTPRINT, stringFootprint } from './footprint';
import { wrongType } from './reply';
import { type Holder, type Value } from './values';

interface Entry extends Expiring {
  readonly key: Bytes;
  value: Value;
}

/** The keys, their values and when they end. */
export class Keyspace implements Holder {
  readonly #entries = new Map<Bytes, Entry>();
  readonly #expiries = new ExpiryHeap<Entry>();

  /** Milliseconds since the epoch. The engine sets it before each command; a script sees one moment from start to end. */
  now = 0;

  /**
   * How much memory all of it takes, in bytes, expired keys that still await the sweep included. A running count:
   * keys add and subtract their own part here, values theirs as they change.
   */
  footprint = 0;

  /** Keys that have not expired. */
  get size(): number {
    this.sweep(Infinity);
    return this.#entries.size;
  }

  /** Keys in memory, also those that have expired and still await the sweep. */
  get sizeInMemory(): number {
    return this.#entries.size;
  }

  keys(): Bytes[] {
    this.sweep(Infinity);
    return [...this.#entries.keys()];
  }

  get(key: Bytes): Value | undefined {
    return this.#find(key)?.value;
  }

  /** @throws CommandError WRONGTYPE when the key holds something else */
  find<Kind extends Value>(key: Bytes, kind: new () => Kind): Kind | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (value instanceof kind) return value;
    throw wrongType();
  }

  /** @throws CommandError WRONGTYPE when the key holds something else */
  findOrCreate<Kind extends Value>(key: Bytes, kind: new () => Kind): Kind {
    const found = this.find(key, kind);
    if (found) return found;
    const value = new kind();
    this.#add(key, value);
    return value;
  }

  /** Replaces whatever the key held; its expiry goes unless `keepExpiry`. */
  put(key: Bytes, value: Value, keepExpiry = false): void {
    const entry = this.#find(key);
    if (!entry) {
      this.#add(key, value);
      return;
    }
    entry.value.moveTo(null);
    value.moveTo(this);
    entry.value = value;
    if (!keepExpiry) this.persist(key);
  }

  delete(key: Bytes): boolean {
    const entry = this.#find(key);
    if (entry) this.#remove(entry);
    return entry !== undefined;
  }

  deleteIfEmpty(key: Bytes): void {
    const entry = this.#entries.get(key);
    if (entry?.value.isEmpty) this.#remove(entry);
  }

  /** The moment after which the key no longer exists, Infinity when it stays; undefined when there is no key. */
  expiresAt(key: Bytes): number | undefined {
    return this.#find(key)?.expiresAt;
  }

  /** A moment that is not ahead removes the key at once. False when there is no key. */
  expireAt(key: Bytes, moment: number): boolean {
    const entry = this.#find(key);
    if (!entry) return false;
    entry.expiresAt = moment;
    if (moment <= this.now) this.#remove(entry);
    else this.#expiries.place(entry);
    return true;
  }

  /** Whether the key had an expiry to lose. */
  persist(key: Bytes): boolean {
    const entry = this.#find(key);
    if (!entry || entry.heapIndex < 0) return false;
    this.#expiries.remove(entry);
    entry.expiresAt = Infinity;
    return true;
  }

  clear(): void {
    for (const { value } of this.#entries.values()) value.moveTo(null);
    this.#entries.clear();
    this.#expiries.clear();
    this.footprint = 0;
  }

  /** Removes expired keys, at most `max` of them, and returns how many. */
  sweep(max: number): number {
    let removed = 0;
    while (removed < max) {
      const entry = this.#expiries.soonest;
      if (entry === undefined || !this.#hasExpired(entry)) break;
      this.#remove(entry);
      removed += 1;
    }
    return removed;
  }

  #find(key: Bytes): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !this.#hasExpired(entry)) return entry;
    this.#remove(entry);
    return undefined;
  }

  /** Redis keeps a key through the very millisecond of its expiry. */
  #hasExpired(entry: Entry): boolean {
    return this.now > entry.expiresAt;
  }

  #add(key: Bytes, value: Value): void {
    this.#entries.set(key, { key, value, expiresAt: Infinity, heapIndex: -1 });
    this.footprint += KEY_FOOTPRINT + stringFootprint(key);
    value.moveTo(this);
  }

  #remove(entry: Entry): void {
    entry.value.moveTo(null);
    this.footprint -= KEY_FOOTPRINT + stringFootprint(entry.key);
    this.#entries.delete(entry.key);
    this.#expiries.remove(entry);
  }
}
