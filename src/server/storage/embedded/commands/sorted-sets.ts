import 'server-only';
import type { Bytes } from '../bytes';
import type { Command, CommandContext, CommandTable } from '../command';
import { formatScore, integerArgument, parseDouble } from '../numbers';
import { CommandError, type Reply, syntaxError } from '../reply';
import { type ScoreRange, type ScoredMember, SortedSet } from '../sorted-set';
import { sliceBounds } from './lists';

const ADD_OPTIONS = ['NX', 'XX', 'GT', 'LT', 'CH'] as const;
type AddOption = (typeof ADD_OPTIONS)[number];

function parseAddOptions(words: readonly Bytes[]): { options: Set<AddOption>; pairs: readonly Bytes[] } {
  const options = new Set<AddOption>();
  for (const [index, word] of words.entries()) {
    const option = ADD_OPTIONS.find((name) => name === word.toUpperCase());
    if (option === undefined) return { options, pairs: words.slice(index) };
    options.add(option);
  }
  return { options, pairs: [] };
}

function add({ keyspace }: CommandContext, [key = '', ...words]: readonly Bytes[]): Reply {
  const { options, pairs } = parseAddOptions(words);
  if (pairs.length === 0 || pairs.length % 2 === 1) throw syntaxError();
  if (options.has('NX') && options.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  if ([options.has('NX'), options.has('GT'), options.has('LT')].filter(Boolean).length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  const members: ScoredMember[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const score = parseDouble(pairs[index] ?? '');
    if (score === null) throw new CommandError('ERR value is not a valid float');
    members.push({ member: pairs[index + 1] ?? '', score });
  }
  if (!keyspace.find(key, SortedSet) && options.has('XX')) return 0;
  const set = keyspace.findOrCreate(key, SortedSet);
  let added = 0;
  let changed = 0;
  for (const { member, score } of members) {
    const current = set.score(member);
    if (current === undefined ? options.has('XX') : options.has('NX')) continue;
    if (current === undefined) added += 1;
    else if ((options.has('GT') && score <= current) || (options.has('LT') && score >= current)) continue;
    else if (score !== current) changed += 1;
    set.set(member, score);
  }
  return options.has('CH') ? added + changed : added;
}

/** `5`, `(5`, `-inf`; like the `strtod` of Redis, nothing at all reads as 0. */
function parseEnd(word: Bytes): { score: number; exclusive: boolean } {
  const exclusive = word.startsWith('(');
  const text = exclusive ? word.slice(1) : word;
  const score = text === '' ? 0 : parseDouble(text);
  if (score === null) throw new CommandError('ERR min or max is not a float');
  return { score, exclusive };
}

function parseScoreRange(minWord: Bytes, maxWord: Bytes): ScoreRange {
  const min = parseEnd(minWord);
  const max = parseEnd(maxWord);
  return { min: min.score, minExclusive: min.exclusive, max: max.score, maxExclusive: max.exclusive };
}

interface RangeOptions {
  byScore: boolean;
  reversed: boolean;
  withScores: boolean;
  offset: number;
  /** -1 for all. */
  limit: number;
}

function parseRangeOptions(words: readonly Bytes[], alwaysByScore: boolean): RangeOptions {
  const options: RangeOptions = { byScore: alwaysByScore, reversed: false, withScores: false, offset: 0, limit: -1 };
  for (let index = 0; index < words.length; index += 1) {
    const option = words[index]?.toUpperCase();
    const [offset, limit] = words.slice(index + 1);
    if (option === 'WITHSCORES') options.withScores = true;
    else if (option === 'LIMIT' && offset !== undefined && limit !== undefined) {
      options.offset = integerArgument(offset);
      options.limit = integerArgument(limit);
      index += 2;
    } else if (option === 'REV' && !alwaysByScore && !options.reversed) options.reversed = true;
    else if (option === 'BYSCORE' && !options.byScore) options.byScore = true;
    else throw syntaxError();
  }
  if (options.limit !== -1 && !options.byScore) {
    throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  return options;
}

function limited(members: ScoredMember[], { offset, limit }: RangeOptions): ScoredMember[] {
  if (offset < 0) return [];
  return members.slice(offset, limit < 0 ? undefined : offset + limit);
}

function range(alwaysByScore: boolean): Command {
  return {
    arity: -4,
    run({ keyspace }, [key = '', start = '', stop = '', ...words]) {
      const options = parseRangeOptions(words, alwaysByScore);
      const select = options.byScore ? selectByScore(start, stop, options) : selectByRank(start, stop, options);
      const set = keyspace.find(key, SortedSet);
      return select(set ?? new SortedSet()).flatMap(({ member, score }) =>
        options.withScores ? [member, formatScore(score)] : [member],
      );
    },
  };
}

function selectByScore(start: Bytes, stop: Bytes, options: RangeOptions): (set: SortedSet) => ScoredMember[] {
  // Reversed, the higher end is named first.
  const scores = options.reversed ? parseScoreRange(stop, start) : parseScoreRange(start, stop);
  return (set) => {
    const members = set.byScore(scores);
    return limited(options.reversed ? members.reverse() : members, options);
  };
}

function selectByRank(start: Bytes, stop: Bytes, options: RangeOptions): (set: SortedSet) => ScoredMember[] {
  const [first, last] = [integerArgument(start), integerArgument(stop)];
  return (set) => {
    const { from, to } = sliceBounds(first, last, set.size);
    return options.reversed ? set.byRank(set.size - to, set.size - from).reverse() : set.byRank(from, to);
  };
}

export const sortedSetCommands = {
  ZADD: { arity: -4, run: add },
  ZREM: {
    arity: -3,
    run({ keyspace }, [key = '', ...members]) {
      const set = keyspace.find(key, SortedSet);
      const removed = members.filter((member) => set?.delete(member)).length;
      keyspace.deleteIfEmpty(key);
      return removed;
    },
  },
  ZCARD: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, SortedSet)?.size ?? 0 },
  ZSCORE: {
    arity: 3,
    run({ keyspace }, [key = '', member = '']) {
      const score = keyspace.find(key, SortedSet)?.score(member);
      return score === undefined ? null : formatScore(score);
    },
  },
  ZCOUNT: {
    arity: 4,
    run({ keyspace }, [key = '', min = '', max = '']) {
      const scores = parseScoreRange(min, max);
      return keyspace.find(key, SortedSet)?.byScore(scores).length ?? 0;
    },
  },
  ZRANGE: range(false),
  ZRANGEBYSCORE: range(true),
  ZREMRANGEBYSCORE: {
    arity: 4,
    run({ keyspace }, [key = '', min = '', max = '']) {
      const scores = parseScoreRange(min, max);
      const set = keyspace.find(key, SortedSet);
      const members = set?.byScore(scores) ?? [];
      for (const { member } of members) set?.delete(member);
      keyspace.deleteIfEmpty(key);
      return members.length;
    },
  },
} satisfies CommandTable;
