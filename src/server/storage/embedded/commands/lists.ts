import 'server-only';
import type { Bytes } from '../bytes';
import { type Command, type CommandTable, wrongArity } from '../command';
import { integerArgument } from '../numbers';
import { CommandError, OK } from '../reply';
import { ListValue } from '../values';

/**
 * Redis's inclusive `start` and `stop`, negative when counted from the end, as arguments of `slice`;
 * the two are equal when the range is empty.
 */
export function sliceBounds(start: number, stop: number, length: number): { from: number; to: number } {
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length, (stop < 0 ? stop + length : stop) + 1);
  return { from, to: Math.max(from, to) };
}

function push(end: 'first' | 'last'): Command {
  return {
    arity: -3,
    run({ keyspace }, [key = '', ...added]) {
      const list = keyspace.findOrCreate(key, ListValue);
      for (const item of added) list.add(item, end);
      return list.size;
    },
  };
}

function pop(name: string, take: (list: ListValue, count: number) => Bytes[]): Command {
  return {
    arity: -2,
    run({ keyspace }, [key = '', countWord, ...rest]) {
      if (rest.length > 0) throw wrongArity(name);
      const outOfRange = 'ERR value is out of range, must be positive';
      const count = countWord === undefined ? 1 : integerArgument(countWord, outOfRange);
      if (count < 0) throw new CommandError(outOfRange);
      const list = keyspace.find(key, ListValue);
      if (!list) return null;
      const taken = take(list, count);
      keyspace.deleteIfEmpty(key);
      return countWord === undefined ? (taken[0] ?? null) : taken;
    },
  };
}

export const listCommands = {
  LPUSH: push('first'),
  RPUSH: push('last'),
  LPOP: pop('lpop', (list, count) => list.take(0, count)),
  RPOP: pop('rpop', (list, count) => list.take(Math.max(0, list.size - count), count).reverse()),
  LLEN: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, ListValue)?.size ?? 0 },
  LINDEX: {
    arity: 3,
    run({ keyspace }, [key = '', index = '']) {
      const list = keyspace.find(key, ListValue);
      return list?.at(integerArgument(index)) ?? null;
    },
  },
  LRANGE: {
    arity: 4,
    run({ keyspace }, [key = '', startWord = '', stopWord = '']) {
      const [start, stop] = [integerArgument(startWord), integerArgument(stopWord)];
      const list = keyspace.find(key, ListValue);
      if (!list) return [];
      const { from, to } = sliceBounds(start, stop, list.size);
      return list.slice(from, to);
    },
  },
  LTRIM: {
    arity: 4,
    run({ keyspace }, [key = '', startWord = '', stopWord = '']) {
      const [start, stop] = [integerArgument(startWord), integerArgument(stopWord)];
      const list = keyspace.find(key, ListValue);
      if (!list) return OK;
      const { from, to } = sliceBounds(start, stop, list.size);
      list.take(to, list.size);
      list.take(0, from);
      keyspace.deleteIfEmpty(key);
      return OK;
    },
  },
} satisfies CommandTable;
