import 'server-only';
import { createHash } from 'node:crypto';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { Rate } from '@/domain/limits';
import type { RedisCommand } from '../requesters/requester';
import { refuseDirectWrites } from './writes';

/** What an argument of a script may be. */
interface Kinds {
  text: string;
  number: number;
  /** `true` or `false` in Lua, too. */
  flag: boolean;
  /** `{max, window}` in Lua. Null lifts the limit: a `max` of 0. */
  rate: Rate | null;
  /** A string in Lua. A script that takes or gives bytes is run by `exchange`. */
  bytes: Uint8Array;
  /** A list in Lua, of at most 7,000 texts (more do not fit on Lua 5.1's stack). Nothing can follow it, as its length is open. */
  texts: readonly string[];
}

/** How an argument travels: the words that it takes in ARGV, and the Lua that reads them from the first one on. */
const KINDS: {
  [Kind in keyof Kinds]: {
    count: number;
    write: (value: Kinds[Kind]) => readonly (string | Uint8Array)[];
    read: (at: number) => string;
  };
} = {
  text: { count: 1, write: (text) => [text], read: (at) => `ARGV[${at}]` },
  number: { count: 1, write: (number) => [String(number)], read: (at) => `tonumber(ARGV[${at}])` },
  flag: { count: 1, write: (flag) => [flag ? '1' : '0'], read: (at) => `ARGV[${at}] == '1'` },
  rate: {
    count: 2,
    write: (rate) => [String(rate?.max ?? 0), String(rate?.windowMs ?? 0)],
    read: (at) => `{max = tonumber(ARGV[${at}]), window = tonumber(ARGV[${at + 1}])}`,
  },
  bytes: { count: 1, write: (bytes) => [bytes], read: (at) => `ARGV[${at}]` },
  texts: { count: Infinity, write: (texts) => texts, read: (at) => `{unpack(ARGV, ${at})}` },
};

/** The arguments of a script: names and kinds. Both sides are made from it, so that neither counts. */
export type Declared = Readonly<Record<string, keyof Kinds>>;
export type Given<Args extends Declared> = { readonly [Name in keyof Args]: Kinds[Args[Name]] };
/** The arguments that a declared script is run with. */
export type ArgumentsOf<Declaration extends { run: (redis: Redis, given: never) => unknown }> = Parameters<
  Declaration['run']
>[1];

/**
 * Every script has Redis's clock. Scripts run on Redis's Lua 5.1 and on the embedded engine's 5.3 with
 * 32-bit integers, so milliseconds are kept as floats and written with `%.0f`.
 */
const CLOCK = `
local time = redis.call('TIME')
local NOW = tonumber(time[1]) * 1000.0 + math.floor(tonumber(time[2]) / 1000)
local function digits(number) return string.format('%.0f', number) end
`;

/** `maxMembers` is `MAX_MEMBERS` in Lua. */
export const luaName = (name: string): string => name.replace(/[A-Z]/g, '_$&').toUpperCase();

function wordsOf<Kind extends keyof Kinds>(kind: Kind, value: Kinds[Kind]): readonly (string | Uint8Array)[] {
  return KINDS[kind].write(value);
}

const isText = (word: string | Uint8Array): word is string => typeof word === 'string';

/** Locals that scripts have anyway. */
const RESERVED = ['NOW', 'ROOM_ID', 'EXPIRES_AT', 'IS_EXTENDED', 'MOVED'];

/** `local A, B = KEYS[1], tonumber(ARGV[1])`. */
function locals(keys: readonly string[], args: Declared): string {
  const names = [...keys, ...Object.keys(args)].map(luaName);
  const taken = [...names, ...RESERVED];
  if (new Set(taken).size < taken.length) throw new Error(`A name is taken twice: ${taken.join(', ')}`);
  const values = keys.map((_, index) => `KEYS[${index + 1}]`);
  let at = 1;
  for (const kind of Object.values(args)) {
    if (at === Infinity) throw new Error('An argument follows a list, which ends where ARGV does');
    values.push(KINDS[kind].read(at));
    at += KINDS[kind].count;
  }
  return names.length === 0 ? '' : `local ${names.join(', ')} =\n  ${values.join(', ')}\n`;
}

/** One run of a script, ready to be sent. */
export interface ScriptCall {
  readonly lua: string;
  readonly sha1: string;
  readonly keys: string[];
  readonly words: string[];
}

/** A way to Redis that takes bytes in a command and gives them in its reply. */
export interface ByteExchange {
  exchange(command: RedisCommand): Promise<unknown>;
}

const replySchema = z.array(z.unknown());

/**
 * One Lua script, run as EVALSHA and, where Redis does not know it yet, as EVAL. Its keys and arguments are declared by
 * name: in Lua they are locals in upper case, in TypeScript the fields of one object. It returns a list whose
 * first element is a status.
 */
export class Script<Key extends string, Args extends Declared> {
  readonly #keys: readonly Key[];
  readonly #args: Args;
  readonly #lua: string;
  #sha1: string | undefined;
  readonly #loaded = new WeakMap<Redis, ReturnType<Redis['createScript']>>();

  /**
   * @param declaration `helpers` holds the Lua that writes, `body` may write through it only; `around` turns all of it into the
   * function `act`, and its reply into that of the script
   * @throws Error when the body can create a key that never expires: a bug, found when the module loads
   */
  constructor({
    keys,
    args,
    helpers,
    body,
    around = { before: '', after: '' },
  }: {
    keys: readonly Key[];
    args: Args;
    helpers: string;
    body: string;
    around?: { before: string; after: string };
  }) {
    refuseDirectWrites(body, keys.map(luaName));
    this.#keys = keys;
    this.#args = args;
    this.#lua = [around.before, CLOCK, locals(keys, args), helpers, body, around.after].join('');
  }

  async run(redis: Redis, keys: Readonly<Record<Key, string>>, given: Given<Args>): Promise<unknown[]> {
    let script = this.#loaded.get(redis);
    if (script === undefined) {
      script = redis.createScript(this.#lua);
      this.#loaded.set(redis, script);
    }
    return replySchema.parse(
      await script.exec(
        this.#keys.map((key) => keys[key]),
        this.#textsOf(given),
      ),
    );
  }

  /** The same, to be run together with others by `runTogether`. */
  call(keys: Readonly<Record<Key, string>>, given: Given<Args>): ScriptCall {
    return {
      lua: this.#lua,
      sha1: this.#sha1Of(),
      keys: this.#keys.map((key) => keys[key]),
      words: this.#textsOf(given),
    };
  }

  /** The same for a script that takes or gives bytes: what stands in a list of its own in the reply comes as bytes. */
  async exchange(redis: ByteExchange, keys: Readonly<Record<Key, string>>, given: Given<Args>): Promise<unknown[]> {
    const rest = [this.#keys.length, ...this.#keys.map((key) => keys[key]), ...this.#wordsOf(given)];
    try {
      return replySchema.parse(await redis.exchange(['EVALSHA', this.#sha1Of(), ...rest]));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return replySchema.parse(await redis.exchange(['EVAL', this.#lua, ...rest]));
    }
  }

  #sha1Of(): string {
    this.#sha1 ??= createHash('sha1').update(this.#lua).digest('hex');
    return this.#sha1;
  }

  #textsOf(given: Given<Args>): string[] {
    const words = this.#wordsOf(given);
    // The library would send bytes as the JSON of an object.
    if (!words.every(isText)) throw new Error('Bytes go through exchange');
    return words;
  }

  #wordsOf(given: Given<Args>): (string | Uint8Array)[] {
    const words: (string | Uint8Array)[] = [];
    for (const name in this.#args) {
      const kind = this.#args[name];
      if (kind !== undefined) words.push(...wordsOf(kind, given[name]));
    }
    return words;
  }
}
