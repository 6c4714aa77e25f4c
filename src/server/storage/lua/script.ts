import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { Rate } from '@/domain/limits';
import { refuseDirectWrites } from './writes';

/** What an argument of a script may be. */
interface Kinds {
  text: string;
  number: number;
  /** `true` or `false` in Lua, too. */
  flag: boolean;
  /** `{max, window}` in Lua. Null lifts the limit: a `max` of 0. */
  rate: Rate | null;
  /** A list in Lua. Nothing can follow it, since it has no fixed length. */
  texts: readonly string[];
}

/** How an argument travels: the words that it takes in ARGV, and the Lua that reads them from the first one on. */
const KINDS: {
  [Kind in keyof Kinds]: {
    count: number;
    write: (value: Kinds[Kind]) => readonly string[];
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

function wordsOf<Kind extends keyof Kinds>(kind: Kind, value: Kinds[Kind]): readonly string[] {
  return KINDS[kind].write(value);
}

/** Locals that scripts have anyway. */
const RESERVED = ['NOW', 'ROOM_ID', 'EXPIRES_AT'];

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
  readonly #loaded = new WeakMap<Redis, ReturnType<Redis['createScript']>>();

  /**
   * @param declaration `helpers` holds the Lua that writes, `body` may write through it only
   * @throws Error when the body can create a key that never expires: a bug, found when the module loads
   */
  constructor({ keys, args, helpers, body }: { keys: readonly Key[]; args: Args; helpers: string; body: string }) {
    refuseDirectWrites(body, keys.map(luaName));
    this.#keys = keys;
    this.#args = args;
    this.#lua = [CLOCK, locals(keys, args), helpers, body].join('');
  }

  async run(redis: Redis, keys: Readonly<Record<Key, string>>, given: Given<Args>): Promise<unknown[]> {
    let script = this.#loaded.get(redis);
    if (script === undefined) {
      script = redis.createScript(this.#lua);
      this.#loaded.set(redis, script);
    }
    const words: string[] = [];
    for (const name in this.#args) {
      const kind = this.#args[name];
      if (kind !== undefined) words.push(...wordsOf(kind, given[name]));
    }
    return replySchema.parse(
      await script.exec(
        this.#keys.map((key) => keys[key]),
        words,
      ),
    );
  }
}
