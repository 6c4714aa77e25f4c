import { describe, expect, it } from 'vitest';
import { embeddedRedis, errorLike } from '@tests/support/embedded-redis';

describe('scripts', () => {
  it('see one moment from start to end, however long they take', async () => {
    const { run, clock } = embeddedRedis();
    await run('SET', 'key', 'value', 'PX', 1);
    clock.now = () => (clock.ms += 1_000);
    clock.ms -= 1_000;
    const script = `
      local first = redis.call('TIME')
      local found = redis.call('EXISTS', KEYS[1])
      local id = redis.call('XADD', 'stream', '*', 'f', 'v')
      return { first, found, redis.call('TIME'), id, redis.call('EXISTS', KEYS[1]) }`;
    const time = ['1800000000', '0'];
    expect(await run('EVAL', script, 1, 'key')).toEqual([time, 1, time, '1800000000000-0', 1]);
    expect(await run('EVAL', script, 1, 'key')).toMatchObject({ 1: 0 });
  });

  it('take the last seat once when fifty ask for two', async () => {
    const { run } = embeddedRedis();
    const claim = `
      if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
      return redis.call('HSET', KEYS[1], ARGV[2], 1)`;
    const claims = Array.from({ length: 50 }, (_, index) => run('EVAL', claim, 1, 'seats', 2, `visitor${index}`));
    const given = await Promise.all(claims);
    expect(given.filter((seat) => seat === 1)).toHaveLength(2);
    expect(await run('HLEN', 'seats')).toBe(2);
  });

  it('keep what they wrote before they failed, and say where that was', async () => {
    const { run } = embeddedRedis();
    const failed = await run('EVAL', "redis.call('SET', 'key', 'kept')\nredis.call('LPUSH', 'key', 'x')", 0);
    expect(failed).toEqual(errorLike(/^WRONGTYPE .* script: [0-9a-f]{40}, on @user_script:2\.$/));
    expect(await run('GET', 'key')).toBe('kept');
  });

  it('hand bytes through unharmed, NUL and what is no UTF-8 among them', async () => {
    const { run } = embeddedRedis();
    const all = 'local all = {} for byte = 0, 255 do all[byte + 1] = string.char(byte) end all = table.concat(all)';
    expect(await run('EVAL', `${all} redis.call('SET', 'key', all) return redis.call('GET', 'key') == all`, 0)).toBe(1);
    expect(await run('EVAL', "return { #ARGV[1], ARGV[1] .. '|' }", 0, 'é\u0000🙂')).toEqual([7, 'é\u0000🙂|']);
  });

  it('count milliseconds of the epoch exactly', async () => {
    const { run, clock } = embeddedRedis();
    const now = "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)";
    clock.ms = 1_800_000_000_007;
    expect(await run('EVAL', `${now} return now + 600000`, 0)).toBe(1_800_000_600_007);
    await run('EVAL', `${now} redis.call('SET', 'key', now) redis.call('PEXPIREAT', 'key', now + 5)`, 0);
    expect(await run('GET', 'key')).toBe('1800000000007');
    expect(await run('PTTL', 'key')).toBe(5);
  });

  it.each([
    ["rawset(_G, 'leak', 1)", 'return leak'],
    ['string.len = function() return 0 end', "return string.len('four')"],
    ['redis = nil', "return redis.call('ECHO', 'four')"],
    ["getmetatable('').__index = {}", "return ('four'):len()"],
  ])('cannot reach the next one by %s', async (attempt, following) => {
    const { run } = embeddedRedis();
    const before = await run('EVAL', following, 0);
    await run('EVAL', `pcall(function() ${attempt} end)`, 0);
    await run('EVAL', attempt, 0);
    expect(await run('EVAL', following, 0)).toEqual(before);
  });

  it.each(['io', 'os', 'require', 'dofile', 'loadfile', 'load', 'debug', 'package', 'fengari', 'utf8'])(
    'find no %s',
    async (name) => {
      const { run } = embeddedRedis();
      expect(await run('EVAL', `return ${name}`, 0)).toEqual(errorLike(/nonexistent global/));
    },
  );

  it.each([
    'local function deeper() return ("x"):gsub("x", deeper) end return deeper()',
    'local table = {} table[1] = table return table',
    'error(nil)',
    'error({})',
    'error({ err = {} })',
    'return setmetatable({}, { __index = function() error("inside") end }).x',
  ])('that fail in odd ways are errors, and the next one runs: %s', async (script) => {
    const { run } = embeddedRedis();
    expect(await run('EVAL', script, 0)).toEqual(errorLike(/^ERR /));
    expect(await run('EVAL', 'return {1, ARGV[1]}', 0, 'x')).toEqual([1, 'x']);
  });

  it('are forgotten when five hundred others came after them, and are then sent again', async () => {
    const { run } = embeddedRedis();
    const sha = await run('SCRIPT', 'LOAD', 'return "first"');
    expect(await run('EVALSHA', String(sha), 0)).toBe('first');
    for (let index = 0; index < 500; index += 1) await run('EVAL', `return ${index}`, 0);
    expect(await run('EVALSHA', String(sha), 0)).toEqual(errorLike(/^NOSCRIPT /));
    expect(await run('EVAL', 'return "first"', 0)).toBe('first');
  });

  it('are right also the twenty-thousandth time', async () => {
    const { run } = embeddedRedis();
    const append = `
      local id = redis.call('XADD', KEYS[1], 'MAXLEN', 1000, '*', 'data', ARGV[1])
      redis.call('PEXPIRE', KEYS[1], 600000)
      return { id, redis.call('INCR', KEYS[2]) }`;
    const sha = String(await run('SCRIPT', 'LOAD', append));
    for (let count = 1; count <= 20_000; count += 1) {
      const reply = await run('EVALSHA', sha, 2, 'stream', 'count', '{"text":"hello"}');
      if (count % 5_000 === 0) expect(reply).toEqual([`1800000000000-${count - 1}`, count]);
    }
    expect(await run('XLEN', 'stream')).toBe(1_000);
  });
});
