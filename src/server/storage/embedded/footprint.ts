import 'server-only';
import type { Bytes } from './bytes';

/**
 * How much memory things take, in bytes, as V8 lays them out on 64 bits (calibrated against the heap itself by
 * tests/unit/server/storage/embedded/footprint.test.ts). An exact count would have to follow every table as it grows: here each entry counts with its average share of a table.
 */

/** A string's header, before its bytes, which fill whole words. */
const STRING_HEADER = 16;
const WORD = 8;

export const stringFootprint = (bytes: Bytes): number => STRING_HEADER + Math.ceil(bytes.length / WORD) * WORD;

export const stringsFootprint = (strings: readonly Bytes[]): number =>
  strings.reduce((sum, bytes) => sum + stringFootprint(bytes), 0);

/** A key beside its name and its value: the place among the keys, the entry, its expiry and the place among the expiries. */
export const KEY_FOOTPRINT = 136;

/** A value that holds nothing yet: its object, and the tables that come with it. */
export const VALUE_FOOTPRINT = { string: 48, hash: 168, list: 192, zset: 368, stream: 208 } as const;

/** A field of a hash beside its name and value: its place in the table. */
export const FIELD_FOOTPRINT = 40;
/** An item of a list beside its bytes. */
export const ITEM_FOOTPRINT = 10;
/** A member of a sorted set beside its name: a place in two tables, an object, and its score in both. */
export const MEMBER_FOOTPRINT = 120;
/** An entry of a stream beside its strings: its place, object and id, and the list of its fields. */
export const ENTRY_FOOTPRINT = 136;
/** Each field and each value in that list. */
export const ENTRY_WORD_FOOTPRINT = 8;
