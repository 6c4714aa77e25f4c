import 'server-only';
import { type Requester, type UpstashRequest, errors } from '@upstash/redis';
import { BYTES, withBytes } from '../requesters/requester';
import { type Bytes, bytesToText, textToBytes } from './bytes';
import { Ceiling, warnBeyondHeap } from './ceiling';
import { type Clock, Engine } from './engine';
import { PubSub } from './pub-sub';
import { CommandError, Failure, type Reply, replyToJson } from './reply';

export type { Clock } from './engine';

/** Often enough that an ended room leaves memory within a second or so. */
const SWEEP_INTERVAL_MS = 1_000;
/** A tick removes this many in well under a millisecond; the rest follows after other work had its turn. */
const KEYS_PER_SWEEP = 1_000;

export interface EmbeddedOptions {
  /** Every time of the engine: TIME, expiry, stream ids. `Date` unless given. */
  readonly clock?: Clock;
  /** From how many bytes on `isFull` is true; nothing is refused here. Unlimited unless given. */
  readonly maxBytes?: number | undefined;
  /** Receives what a subscriber threw; the others get the message all the same. A process warning unless given. */
  readonly onSubscriberError?: (error: unknown) => void;
}

/** A Redis in this process behind the seam of `@upstash/redis`: `new Redis(createEmbeddedRequester())`. */
export interface EmbeddedRequester extends Requester {
  /** Removes all keys that have expired by now and returns how many; a timer does it by itself. */
  sweep(): number;
  /** Keys in memory, also those that have expired and still await the sweep. */
  readonly keysInMemory: number;
  /** How much memory these keys and their values take, in bytes, by a running count. */
  readonly footprint: number;
  /** Whether that is all it may hold, or this part of it, expired keys not counted. */
  isFull(part?: number): boolean;
  /** Forgets everything and ends every subscription; every later request rejects. */
  close(): void;
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

export function createEmbeddedRequester(options: EmbeddedOptions = {}): EmbeddedRequester {
  const pubSub = new PubSub(options.onSubscriberError ?? ((error) => process.emitWarning(asError(error))));
  const engine = new Engine(options.clock ?? Date, pubSub);
  const ceiling = new Ceiling(engine, options.maxBytes ?? Infinity);
  if (options.maxBytes !== undefined) warnBeyondHeap(options.maxBytes);
  let closed = false;

  const sweepSome = () => {
    if (engine.sweep(KEYS_PER_SWEEP) === KEYS_PER_SWEEP) setImmediate(sweepSome).unref();
    ceiling.watch();
  };
  // Neither the timer nor the work that it defers keeps the process alive.
  const timer = setInterval(sweepSome, SWEEP_INTERVAL_MS).unref();

  const answer = (request: UpstashRequest): unknown => {
    if (closed) throw new errors.UpstashError('The embedded storage is closed.');
    try {
      return answerRequest(engine, pubSub, request);
    } finally {
      ceiling.watch();
    }
  };

  return {
    request: (request) =>
      new Promise((resolve) => {
        // No requester can know the type that a caller expects of its reply. An error thrown here rejects.
        resolve(answer(request) as never);
      }),
    sweep: () => engine.sweep(Infinity),
    get keysInMemory() {
      return engine.keyspace.sizeInMemory;
    },
    get footprint() {
      return engine.footprint;
    },
    isFull: (part) => ceiling.isFull(part),
    close() {
      closed = true;
      clearInterval(timer);
      pubSub.close();
      engine.keyspace.clear();
    },
  };
}

function answerRequest(engine: Engine, pubSub: PubSub, request: UpstashRequest): unknown {
  const [path, ...channels] = request.path ?? [];
  switch (path) {
    case undefined:
      return toAnswer(executeOne(engine, request.body));
    case BYTES: {
      const reply = executeOne(engine, request.body);
      return reply instanceof Failure ? toAnswer(reply) : { result: withBytes(reply, isBytes, LATIN1) };
    }
    case 'pipeline':
      return parseCommands(request.body).map((command) => toAnswer(executeOne(engine, command)));
    case 'multi-exec': {
      const replies = engine.transact(parseCommands(request.body).map(parseWords));
      // Over HTTP this is a 400, which the library's own client throws.
      if (replies instanceof Failure) throw new errors.UpstashError(replies.text);
      return replies.map(toAnswer);
    }
    case 'subscribe':
      if (request.onMessage) pubSub.subscribe(channels, request.onMessage, request.signal);
      return { result: 1 };
    default:
      return { error: `ERR the embedded storage knows no path "${path}"` };
  }
}

const isBytes = (value: unknown): value is Bytes => typeof value === 'string';
const LATIN1 = { toText: bytesToText, toBytes: (bytes: Bytes) => Buffer.from(bytes, 'latin1') };

function executeOne(engine: Engine, body: unknown): Reply {
  try {
    return engine.execute(parseWords(body));
  } catch (error) {
    if (error instanceof CommandError) return new Failure(error.message);
    throw error;
  }
}

function toAnswer(reply: Reply): { result: unknown } | { error: unknown } {
  return reply instanceof Failure ? { error: replyToJson(reply) } : { result: replyToJson(reply) };
}

function parseCommands(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  throw new errors.UpstashError('ERR the body is not a list of commands');
}

/** A command: its name and its arguments, which are strings, numbers, booleans or bytes. */
function parseWords(body: unknown): Bytes[] {
  if (!Array.isArray(body) || body.length === 0) throw new CommandError('ERR the body is not a command');
  return body.map((word: unknown) => {
    if (typeof word === 'string') return textToBytes(word);
    if (word instanceof Uint8Array) return Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1');
    if (typeof word === 'number' || typeof word === 'boolean') return String(word);
    throw new CommandError('ERR only strings, numbers and booleans can be arguments');
  });
}
