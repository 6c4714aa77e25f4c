import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRequester, createEmbeddedRequester } from '@/server/storage/embedded/requester';
import { KEYS, SCRIPTS, type Words, commandSequence } from '@tests/support/random-commands';
import { type RedisServer, startRedisServer } from '@tests/support/redis-server';

const RUNS = Number(process.env['PARITY_RUNS'] ?? 400);
const SEED = Number(process.env['PARITY_SEED'] ?? Date.now() % 2 ** 31);

/** The two clocks are read one after the other, on a machine that may be busy. */
const TOLERANCES: Readonly<Record<string, number>> = { TTL: 5, PTTL: 5_000, PEXPIRETIME: 5_000 };
const UNORDERED = new Set(['KEYS', 'SCAN']);

type Answer = { result: unknown } | { errorKind: string };
type Ask = (words: Words) => Promise<Answer>;

/** One of the two engines, with the ids that its streams assigned by themselves in this run. */
class Side {
  readonly #ask: Ask;
  #ids: string[] = [];

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The latest millisecond of an id that came from the clock. */
  get latestMs(): number {
    return Math.max(0, ...this.#ids.map((id) => Number(id.split('-')[0])));
  }

  async reset(): Promise<void> {
    this.#ids = [];
    await this.#ask(['FLUSHALL']);
    await this.#ask(['SCRIPT', 'FLUSH']);
  }

  async answer(words: Words): Promise<Answer> {
    const [name, ...rest] = words;
    const answer = await this.#ask([name, ...rest.map((word) => this.#withId(word))]);
    return 'result' in answer ? { result: this.#comparable(name, answer.result) } : answer;
  }

  #withId(word: string): string {
    return word.replace(
      /^(\(?)@(\d)$/,
      (_, bracket: string, index: string) => bracket + (this.#ids[Number(index)] ?? '1-1'),
    );
  }

  /** The n-th id that came from the clock is called `@n` on both sides. */
  #comparable(name: string, reply: unknown): unknown {
    if (Array.isArray(reply)) {
      const items = reply.map((item: unknown) => this.#comparable(name, item));
      return UNORDERED.has(name) ? items.sort() : items;
    }
    // ioredis returns an error within a reply as an Error, Upstash as its text.
    if (reply instanceof Error) return reply.message;
    if (typeof reply !== 'string' || !/^\d{13}-\d+$/.test(reply)) return reply;
    if (!this.#ids.includes(reply)) this.#ids.push(reply);
    return `@${this.#ids.indexOf(reply)}`;
  }
}

const kindOf = (message: string) => message.split(' ')[0] ?? '';

function askEmbedded(requester: EmbeddedRequester): Ask {
  return async (words) => {
    const { result, error } = await requester.request({ body: words });
    return error === undefined ? { result } : { errorKind: kindOf(error) };
  };
}

function askServer(server: RedisServer): Ask {
  return async ([name, ...words]) => {
    try {
      return { result: await server.command(name, ...words) };
    } catch (error) {
      return { errorKind: kindOf(error instanceof Error ? error.message : String(error)) };
    }
  };
}

function expectSame(words: Words, embedded: Answer, real: Answer): void {
  const tolerance = TOLERANCES[words[0]];
  if (tolerance !== undefined && 'result' in embedded && 'result' in real && Number(real.result) > 0) {
    expect(Math.abs(Number(embedded.result) - Number(real.result)), JSON.stringify(words)).toBeLessThanOrEqual(
      tolerance,
    );
  } else expect(embedded, JSON.stringify(words)).toEqual(real);
}

/** Whatever type a key has, one of these commands shows its value; the others are refused alike on both sides. */
const everythingOf = (key: string): Words[] => [
  ['TYPE', key],
  ['PTTL', key],
  ['GET', key],
  ['HGETALL', key],
  ['LRANGE', key, '0', '-1'],
  ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  ['XRANGE', key, '-', '+'],
];

describe('the embedded engine, compared with a real Redis', () => {
  let server: RedisServer;
  let requester: EmbeddedRequester;
  let embedded: Side;
  let real: Side;

  beforeAll(async () => {
    server = await startRedisServer();
    requester = createEmbeddedRequester();
    embedded = new Side(askEmbedded(requester));
    real = new Side(askServer(server));
  });
  afterAll(async () => {
    requester.close();
    await server.stop();
  });

  async function runBoth(commands: readonly Words[]): Promise<void> {
    await embedded.reset();
    await real.reset();
    for (const words of [...commands, ...KEYS.flatMap(everythingOf)]) {
      // When one side gives two ids the same millisecond and the other does not, the clocks differ and not the engines.
      while (words.includes('*') && Date.now() <= Math.max(embedded.latestMs, real.latestMs)) await nextTurn();
      expectSame(words, await embedded.answer(words), await real.answer(words));
    }
  }

  it(`answers ${RUNS} random sequences of commands as Redis does (seed ${SEED})`, { timeout: 240_000 }, async () => {
    await fc.assert(fc.asyncProperty(commandSequence, runBoth), { numRuns: RUNS, seed: SEED });
  });

  it.each(SCRIPTS)('runs the script %j as Redis does, on keys of every type', async (source) => {
    const setUps: Words[] = [
      ['DEL', 'a'],
      ['SET', 'a', '5'],
      ['HSET', 'a', 'f', 'x'],
      ['RPUSH', 'a', 'x'],
      ['ZADD', 'a', '1', 'x'],
      ['XADD', 'a', '5-5', 'f', 'x'],
    ];
    await runBoth(
      setUps.flatMap((setUp): Words[] => [['DEL', 'a', 'b'], setUp, ['EVAL', source, '2', 'a', 'b', 'hé', '2']]),
    );
  });

  it('trims approximately by whole hundreds, as Redis does with small entries', async () => {
    const commands = Array.from({ length: 450 }, (_, index): Words => [
      'XADD',
      'a',
      'MAXLEN',
      '~',
      '120',
      `${index + 1}-0`,
      'f',
      '',
    ]);
    await runBoth([...commands, ['XLEN', 'a'], ['XADD', 'a', 'MAXLEN', '~', '0', '500-0', 'f', ''], ['XLEN', 'a']]);
  });

  it('keeps an emptied stream, its end and its last id, and deletes from any place as Redis does', async () => {
    await runBoth([
      ...Array.from({ length: 5 }, (_, index): Words => ['XADD', 'a', `${index + 1}-0`, 'f', `${index}`]),
      ['PEXPIREAT', 'a', '4102444800000'],
      ['XDEL', 'a', '5-0', '3-0', '9-9'],
      ['XREVRANGE', 'a', '+', '-', 'COUNT', '1'],
      ['XREVRANGE', 'a', '(4-0', '-', 'COUNT', '2'],
      ['XREVRANGE', 'a', '(3-0', '-'],
      ['XREVRANGE', 'a', '(0-0', '-'],
      ['XREVRANGE', 'a', '-', '-'],
      ['XRANGE', 'a', '(3-0', '+', 'COUNT', '1'],
      ['XADD', 'a', '5-0', 'f', 'x'],
      ['XDEL', 'a', '1-0', '2-0', '4-0', '4-0'],
      ['XLEN', 'a'],
      ['EXISTS', 'a'],
      ['PEXPIRETIME', 'a'],
      ['XREVRANGE', 'a', '+', '-', 'COUNT', '1'],
      ['XADD', 'a', '4-0', 'f', 'x'],
      ['XADD', 'a', '5-*', 'f', 'x'],
      ['XADD', 'a', '*', 'f', 'x'],
      ['XRANGE', 'a', '-', '+'],
    ]);
  });

  it.each(['EXAT', 'PXAT'])('sets a key whose %s is past, and never shows it', async (option) => {
    await runBoth([
      ['SET', 'a', 'x', option, '1'],
      ['GET', 'a'],
      ['SET', 'a', 'y', 'NX'],
      ['TTL', 'a'],
    ]);
  });

  it('finds a script that EVAL has seen by its digest', async () => {
    const digest = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db';
    await runBoth([
      ['EVALSHA', digest, '0'],
      ['EVAL', 'return 1', '0'],
      ['EVALSHA', digest, '0'],
      ['EVALSHA', digest.toUpperCase(), '0'],
      ['SCRIPT', 'EXISTS', digest],
      ['SCRIPT', 'FLUSH', 'SYNC'],
      ['EVALSHA', digest, '0'],
      ['SCRIPT', 'LOAD', 'return 1'],
      ['EVALSHA', digest, '0'],
    ]);
  });

  it('returns the time in the same two parts', async () => {
    const [ours, theirs] = await Promise.all([requester.request({ body: ['TIME'] }), server.command('TIME')]);
    expect(ours.result).toEqual([expect.stringMatching(/^\d{10}$/), expect.stringMatching(/^\d{1,6}$/)]);
    expect(theirs).toEqual([expect.stringMatching(/^\d{10}$/), expect.stringMatching(/^\d{1,6}$/)]);
  });
});
