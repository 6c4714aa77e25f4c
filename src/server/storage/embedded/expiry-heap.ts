import 'server-only';

/** Something that ends: `expiresAt` in milliseconds, `heapIndex` kept by the heap, -1 outside it. */
export interface Expiring {
  expiresAt: number;
  heapIndex: number;
}

/**
 * A binary heap with the soonest expiry on top. Every item knows its place, so that a changed or dropped expiry
 * leaves nothing behind: the heap is never larger than the keys that expire.
 */
export class ExpiryHeap<Item extends Expiring> {
  readonly #items: Item[] = [];

  get soonest(): Item | undefined {
    return this.#items[0];
  }

  get size(): number {
    return this.#items.length;
  }

  /** Adds an item, or finds its place again after its `expiresAt` has changed. */
  place(item: Item): void {
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#rise(item);
    this.#sink(item);
  }

  remove(item: Item): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    last.heapIndex = index;
    this.#items[index] = last;
    this.place(last);
  }

  clear(): void {
    for (const item of this.#items) item.heapIndex = -1;
    this.#items.length = 0;
  }

  #rise(item: Item): void {
    for (;;) {
      const parent = this.#items[(item.heapIndex - 1) >> 1];
      if (item.heapIndex === 0 || parent === undefined || parent.expiresAt <= item.expiresAt) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: Item): void {
    for (;;) {
      const left = this.#items[item.heapIndex * 2 + 1];
      const right = this.#items[item.heapIndex * 2 + 2];
      const child = left && right && right.expiresAt < left.expiresAt ? right : left;
      if (child === undefined || child.expiresAt >= item.expiresAt) return;
      this.#swap(item, child);
    }
  }

  #swap(one: Item, other: Item): void {
    const index = one.heapIndex;
    one.heapIndex = other.heapIndex;
    other.heapIndex = index;
    this.#items[one.heapIndex] = one;
    this.#items[other.heapIndex] = other;
  }
}
