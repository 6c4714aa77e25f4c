import 'server-only';
import type { Bytes } from '../bytes';
import { type Command, type CommandTable, wrongArity } from '../command';
import { integerArgument } from '../numbers';
import { CommandError, OK } from '../reply';
import { ListValue } from '../values';

/**
 * What Redis's inclusive `start` and `stop`, negative when counted from the end, mean for `slice`;
 * the two are equal when nothing is meant.
 */
export function sliceBounds(start: number, stop: number, length: number): { from: number; to: number } {
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length, (stop < 0 ? stop + length : stop) + 1);
  return { from, to: Math.max(from, to) };
}

function push(add: (items: Bytes[], item: Bytes) => void): Command {
  return {
    arity: -3,
    run({ keyspace }, [key = '', ...added]) {
      const { items } = keyspace.findOrCreate(key, ListValue);
      for (const item of added) add(items, item);
      return items.length;
    },
  };
}

function pop(name: string, take: (items: Bytes[], count: number) => Bytes[]): Command {
  return {
    arity: -2,
    run({ keyspace }, [key = '', countWord, ...rest]) {
      if (rest.length > 0) throw wrongArity(name);
      const outOfRange = 'ERR value is out of range, must be positive';
      const count = countWord === undefined ? 1 : integerArgument(countWord, outOfRange);
      if (count < 0) throw new CommandError(outOfRange);
      const list = keyspace.find(key, ListValue);
      if (!list) return null;
      const taken = take(list.items, count);
      keyspace.deleteIfEmpty(key);
      return countWord === undefined ? (taken[0] ?? null) : taken;
    },
  };
}

export const listCommands = {
  LPUSH: push((items, item) => items.unshift(item)),
  RPUSH: push((items, item) => items.push(item)),
  LPOP: pop('lpop', (items, count) => items.splice(0, count)),
  RPOP: pop('rpop', (items, count) => items.splice(Math.max(0, items.length - count), count).reverse()),
  LLEN: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, ListValue)?.items.length ?? 0 },
  LINDEX: {
    arity: 3,
    run({ keyspace }, [key = '', index = '']) {
      const list = keyspace.find(key, ListValue);
      return list?.items.at(integerArgument(index)) ?? null;
    },
  },
  LRANGE: {
    arity: 4,
    run({ keyspace }, [key = '', startWord = '', stopWord = '']) {
      const [start, stop] = [integerArgument(startWord), integerArgument(stopWord)];
      const items = keyspace.find(key, ListValue)?.items ?? [];
      const { from, to } = sliceBounds(start, stop, items.length);
      return items.slice(from, to);
    },
  },
  LTRIM: {
    arity: 4,
    run({ keyspace }, [key = '', startWord = '', stopWord = '']) {
      const [start, stop] = [integerArgument(startWord), integerArgument(stopWord)];
      const list = keyspace.find(key, ListValue);
      if (!list) return OK;
      const { from, to } = sliceBounds(start, stop, list.items.length);
      list.items.splice(to);
      list.items.splice(0, from);
      keyspace.deleteIfEmpty(key);
      return OK;
    },
  },
} satisfies CommandTable;
