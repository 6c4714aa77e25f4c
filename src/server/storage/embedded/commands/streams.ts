import 'server-only';
import type { Bytes } from '../bytes';
import { type Command, type CommandContext, type CommandTable, wrongArity } from '../command';
import { bigintArgument, integerArgument } from '../numbers';
import { CommandError, type Reply, syntaxError } from '../reply';
import {
  SEQUENCE_BITS,
  SEQUENCE_MAX,
  STREAM_ID_MAX,
  Stream,
  type StreamId,
  type Trim,
  entryToReply,
  formatStreamId,
} from '../stream';

const invalidId = () => new CommandError('ERR Invalid stream ID specified as stream command argument');

function parseUnsigned(word: string): bigint {
  if (!/^\+?\d+$/.test(word)) throw invalidId();
  const value = BigInt(word.replace('+', ''));
  if (value > SEQUENCE_MAX) throw invalidId();
  return value;
}

/** `<ms>-<seq>`, or a bare `<ms>` with the sequence that is meant there. */
function parseId(word: Bytes, missingSequence: bigint): StreamId {
  const [ms = '', ...sequence] = word.split('-');
  const sequenceNumber = sequence.length === 0 ? missingSequence : parseUnsigned(sequence.join('-'));
  return (parseUnsigned(ms) << SEQUENCE_BITS) + sequenceNumber;
}

type RequestedId = { id: StreamId } | { ms: bigint } | 'next';

interface AddOptions {
  makeStream: boolean;
  trim: Trim | undefined;
  requestedId: RequestedId;
  fields: readonly Bytes[];
}

function parseRequestedId(word: Bytes): RequestedId {
  if (word.endsWith('-*')) return { ms: parseUnsigned(word.slice(0, -2)) };
  return { id: parseId(word, 0n) };
}

/** How the trimming that starts at `index` reads, and how many words it takes. */
function parseTrim(words: readonly Bytes[], index: number): { trim: Trim; length: number } {
  const sign = words[index + 1];
  const signed = words[index + 2] !== undefined && (sign === '~' || sign === '=');
  const argument = words[index + (signed ? 2 : 1)] ?? '';
  const byLength = words[index]?.toUpperCase() === 'MAXLEN';
  const threshold = byLength ? bigintArgument(argument) : parseId(argument, 0n);
  if (threshold < 0n) throw new CommandError('ERR The MAXLEN argument must be >= 0.');
  const trim: Trim = { by: byLength ? 'length' : 'id', threshold, approximate: signed && sign === '~' };
  return { trim, length: signed ? 3 : 2 };
}

function parseAdd(words: readonly Bytes[]): AddOptions {
  let trim: Trim | undefined;
  let makeStream = true;
  let limited = false;
  let index = 0;
  let requestedId: RequestedId | undefined;
  while (requestedId === undefined && index < words.length) {
    const word = words[index] ?? '';
    const option = word.toUpperCase();
    const hasArgument = index + 1 < words.length;
    if (word === '*') requestedId = 'next';
    else if ((option === 'MAXLEN' || option === 'MINID') && hasArgument) {
      if (trim) {
        throw new CommandError('ERR syntax error, MAXLEN and MINID options at the same time are not compatible');
      }
      const parsed = parseTrim(words, index);
      trim = parsed.trim;
      index += parsed.length - 1;
    } else if (option === 'LIMIT' && hasArgument) {
      if (integerArgument(words[index + 1] ?? '') < 0) throw new CommandError('ERR The LIMIT argument must be >= 0.');
      limited = true;
      index += 1;
    } else if (option === 'NOMKSTREAM') makeStream = false;
    else requestedId = parseRequestedId(word);
    index += 1;
  }
  if (limited && !trim?.approximate) {
    throw new CommandError('ERR syntax error, LIMIT cannot be used without the special ~ option');
  }
  return { makeStream, trim, requestedId: requestedId ?? 'next', fields: words.slice(index) };
}

/** The clock's millisecond, or one after the last id when the clock has not moved on. */
function nextId(requested: RequestedId, lastId: StreamId, now: number): StreamId {
  if (requested !== 'next' && 'id' in requested) return requested.id;
  if (requested === 'next') {
    const first = BigInt(now) << SEQUENCE_BITS;
    return first > lastId ? first : lastId + 1n;
  }
  return requested.ms === lastId >> SEQUENCE_BITS && (lastId & SEQUENCE_MAX) < SEQUENCE_MAX
    ? lastId + 1n
    : requested.ms << SEQUENCE_BITS;
}

function add({ keyspace }: CommandContext, [key = '', ...words]: readonly Bytes[]): Reply {
  const { makeStream, trim, requestedId, fields } = parseAdd(words);
  if (fields.length === 0 || fields.length % 2 === 1) throw wrongArity('xadd');
  if (requestedId !== 'next' && 'id' in requestedId && requestedId.id === 0n) {
    throw new CommandError('ERR The ID specified in XADD must be greater than 0-0');
  }
  if (!makeStream && !keyspace.find(key, Stream)) return null;
  const stream = keyspace.findOrCreate(key, Stream);
  if (stream.lastId === STREAM_ID_MAX) {
    throw new CommandError('ERR The stream has exhausted the last possible ID, unable to add more items');
  }
  const id = nextId(requestedId, stream.lastId, keyspace.now);
  if (id <= stream.lastId) {
    throw new CommandError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  }
  stream.append({ id, fields });
  if (trim) stream.trim(trim);
  return formatStreamId(id);
}

/** One end of an interval: `-`, `+`, an id, a bare millisecond, or `(` before an id that is itself left out. */
function parseEnd(word: Bytes, end: 'start' | 'end'): StreamId {
  if (word === '-') return 0n;
  if (word === '+') return STREAM_ID_MAX;
  const exclusive = word.startsWith('(');
  const id = parseId(exclusive ? word.slice(1) : word, end === 'start' ? 0n : SEQUENCE_MAX);
  if (!exclusive) return id;
  if (id === (end === 'start' ? STREAM_ID_MAX : 0n)) {
    throw new CommandError(`ERR invalid ${end} ID for the interval`);
  }
  return end === 'start' ? id + 1n : id - 1n;
}

function range(newestFirst: boolean): Command {
  return {
    arity: -4,
    run({ keyspace }, [key = '', one = '', other = '', ...options]) {
      const start = parseEnd(newestFirst ? other : one, 'start');
      const end = parseEnd(newestFirst ? one : other, 'end');
      let count = Infinity;
      for (let index = 0; index < options.length; index += 2) {
        const argument = options[index + 1];
        if (options[index]?.toUpperCase() !== 'COUNT' || argument === undefined) throw syntaxError();
        count = Math.max(0, integerArgument(argument));
      }
      const stream = keyspace.find(key, Stream);
      if (!stream) return [];
      // Redis replies to a count of 0 with nil, not with an empty list.
      return count === 0 ? null : stream.range(start, end, newestFirst, count).map(entryToReply);
    },
  };
}

export const streamCommands = {
  XADD: { arity: -5, run: add },
  XRANGE: range(false),
  XREVRANGE: range(true),
  XLEN: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, Stream)?.size ?? 0 },
  XDEL: {
    arity: -3,
    run({ keyspace }, [key = '', ...words]) {
      const stream = keyspace.find(key, Stream);
      if (!stream) return 0;
      const ids = words.map((word) => parseId(word, 0n));
      return ids.filter((id) => stream.delete(id)).length;
    },
  },
} satisfies CommandTable;
