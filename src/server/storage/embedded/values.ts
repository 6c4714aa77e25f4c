import 'server-only';
import type { Bytes } from './bytes';
import { FIELD_FOOTPRINT, ITEM_FOOTPRINT, VALUE_FOOTPRINT, stringFootprint, stringsFootprint } from './footprint';

/** Adds up the footprints of the values it holds. */
export interface Holder {
  /** In bytes. */
  footprint: number;
}

/** The value of a key. One that reports itself empty is removed with its key, as Redis does. */
export abstract class Value implements Holder {
  abstract readonly type: keyof typeof VALUE_FOOTPRINT;
  abstract readonly isEmpty: boolean;
  #footprint: number;
  #holder: Holder | null = null;

  constructor(footprint: number) {
    this.#footprint = footprint;
  }

  /** How much memory the value takes, in bytes; a running count, never a walk. */
  get footprint(): number {
    return this.#footprint;
  }

  /** From now on the value counts with `holder` instead of the one before; with no holder when it is null. */
  moveTo(holder: Holder | null): void {
    if (this.#holder) this.#holder.footprint -= this.#footprint;
    if (holder) holder.footprint += this.#footprint;
    this.#holder = holder;
  }

  /** Everything that a value gains or loses passes through here. */
  protected grow(bytes: number): void {
    this.#footprint += bytes;
    if (this.#holder) this.#holder.footprint += bytes;
  }
}

export class StringValue extends Value {
  readonly type = 'string';
  readonly isEmpty = false;
  #bytes: Bytes;

  constructor(bytes: Bytes = '') {
    super(VALUE_FOOTPRINT.string + stringFootprint(bytes));
    this.#bytes = bytes;
  }

  get bytes(): Bytes {
    return this.#bytes;
  }

  set bytes(bytes: Bytes) {
    this.grow(stringFootprint(bytes) - stringFootprint(this.#bytes));
    this.#bytes = bytes;
  }
}

export class HashValue extends Value {
  readonly type = 'hash';
  readonly #fields = new Map<Bytes, Bytes>();

  constructor() {
    super(VALUE_FOOTPRINT.hash);
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(field: Bytes): Bytes | undefined {
    return this.#fields.get(field);
  }

  has(field: Bytes): boolean {
    return this.#fields.has(field);
  }

  names(): Bytes[] {
    return [...this.#fields.keys()];
  }

  entries(): [field: Bytes, bytes: Bytes][] {
    return [...this.#fields];
  }

  set(field: Bytes, bytes: Bytes): void {
    const old = this.#fields.get(field);
    this.grow(
      old === undefined
        ? FIELD_FOOTPRINT + stringFootprint(field) + stringFootprint(bytes)
        : stringFootprint(bytes) - stringFootprint(old),
    );
    this.#fields.set(field, bytes);
  }

  delete(field: Bytes): boolean {
    const old = this.#fields.get(field);
    if (old === undefined) return false;
    this.grow(-(FIELD_FOOTPRINT + stringFootprint(field) + stringFootprint(old)));
    return this.#fields.delete(field);
  }
}

export class ListValue extends Value {
  readonly type = 'list';
  readonly #items: Bytes[] = [];

  constructor() {
    super(VALUE_FOOTPRINT.list);
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Negative when counted from the end. */
  at(index: number): Bytes | undefined {
    return this.#items.at(index);
  }

  slice(from: number, to: number): Bytes[] {
    return this.#items.slice(from, to);
  }

  add(item: Bytes, end: 'first' | 'last'): void {
    this.grow(ITEM_FOOTPRINT + stringFootprint(item));
    if (end === 'first') this.#items.unshift(item);
    else this.#items.push(item);
  }

  /** Takes `count` items out from `from` on, as many as there are, and gives them. */
  take(from: number, count: number): Bytes[] {
    const taken = this.#items.splice(from, count);
    this.grow(-(taken.length * ITEM_FOOTPRINT + stringsFootprint(taken)));
    return taken;
  }
}
