import 'server-only';
import { type CommandTable, wrongArity } from '../command';
import { bigintArgument } from '../numbers';
import { HashValue } from '../values';
import { addWithin64Bits } from './strings';

export const hashCommands = {
  HSET: {
    arity: -4,
    run({ keyspace }, [key = '', ...pairs]) {
      if (pairs.length % 2 === 1) throw wrongArity('hset');
      const hash = keyspace.findOrCreate(key, HashValue);
      const before = hash.size;
      for (let index = 0; index < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
      return hash.size - before;
    },
  },
  HSETNX: {
    arity: 4,
    run({ keyspace }, [key = '', field = '', value = '']) {
      const hash = keyspace.findOrCreate(key, HashValue);
      if (hash.has(field)) return 0;
      hash.set(field, value);
      return 1;
    },
  },
  HGET: {
    arity: 3,
    run: ({ keyspace }, [key = '', field = '']) => keyspace.find(key, HashValue)?.get(field) ?? null,
  },
  HMGET: {
    arity: -3,
    run({ keyspace }, [key = '', ...names]) {
      const hash = keyspace.find(key, HashValue);
      return names.map((name) => hash?.get(name) ?? null);
    },
  },
  HGETALL: {
    arity: 2,
    run: ({ keyspace }, [key = '']) => (keyspace.find(key, HashValue)?.entries() ?? []).flat(),
  },
  HKEYS: {
    arity: 2,
    run: ({ keyspace }, [key = '']) => keyspace.find(key, HashValue)?.names() ?? [],
  },
  HLEN: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, HashValue)?.size ?? 0 },
  HEXISTS: {
    arity: 3,
    run: ({ keyspace }, [key = '', field = '']) => (keyspace.find(key, HashValue)?.has(field) ? 1 : 0),
  },
  HDEL: {
    arity: -3,
    run({ keyspace }, [key = '', ...names]) {
      const hash = keyspace.find(key, HashValue);
      const removed = names.filter((name) => hash?.delete(name)).length;
      keyspace.deleteIfEmpty(key);
      return removed;
    },
  },
  HINCRBY: {
    arity: 4,
    run({ keyspace }, [key = '', field = '', argument = '']) {
      const increment = bigintArgument(argument);
      const stored = keyspace.find(key, HashValue)?.get(field) ?? '0';
      const sum = addWithin64Bits(bigintArgument(stored, 'ERR hash value is not an integer'), increment);
      keyspace.findOrCreate(key, HashValue).set(field, sum);
      return Number(sum);
    },
  },
} satisfies CommandTable;
