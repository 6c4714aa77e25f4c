import {
  ENTRY_FOOTPRINT,
  ENTRY_WORD_FOOTPRINT,
  FIELD_FOOTPRINT,
  ITEM_FOOTPRINT,
  KEY_FOOTPRINT,
  MEMBER_FOOTPRINT,
  stringFootprint,
  stringsFootprint,
  VALUE_FOOTPRINT,
} from '@/server/storage/embedded/footprint';
import type { Keyspace } from '@/server/storage/embedded/keyspace';
import { SortedSet } from '@/server/storage/embedded/sorted-set';
import { Stream, STREAM_ID_MAX } from '@/server/storage/embedded/stream';
import { HashValue, ListValue, StringValue, type Value } from '@/server/storage/embedded/values';

/** The value that the running count of a keyspace must have, counted again from everything that it holds. */
export function walkedFootprint(keyspace: Keyspace): number {
  let sum = 0;
  for (const key of keyspace.keys()) {
    const value = keyspace.get(key);
    if (value) sum += KEY_FOOTPRINT + stringFootprint(key) + VALUE_FOOTPRINT[value.type] + contents(value);
  }
  return sum;
}

function contents(value: Value): number {
  if (value instanceof StringValue) return stringFootprint(value.bytes);
  if (value instanceof HashValue) {
    return value.size * FIELD_FOOTPRINT + stringsFootprint(value.entries().flat());
  }
  if (value instanceof ListValue) {
    return value.size * ITEM_FOOTPRINT + stringsFootprint(value.slice(0, value.size));
  }
  if (value instanceof SortedSet) {
    const members = value.byRank(0, value.size).map(({ member }) => member);
    return members.length * MEMBER_FOOTPRINT + stringsFootprint(members);
  }
  if (!(value instanceof Stream)) throw new Error(`No way to walk a ${value.type}`);
  const words = value.range(0n, STREAM_ID_MAX, false, Infinity).flatMap(({ fields }) => fields);
  return value.size * ENTRY_FOOTPRINT + words.length * ENTRY_WORD_FOOTPRINT + stringsFootprint(words);
}
