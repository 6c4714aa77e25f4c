import { describe, expect, it, vi } from 'vitest';
import { embeddedRedis } from '@tests/support/embedded-redis';

describe('expiry', () => {
  it('keeps a key through its last millisecond and not one longer', async () => {
    const { run, clock } = embeddedRedis();
    await run('SET', 'key', 'value', 'PX', 1_000);
    clock.ms += 1_000;
    expect(await run('GET', 'key')).toBe('value');
    expect(await run('PTTL', 'key')).toBe(0);
    clock.ms += 1;
    expect(await run('GET', 'key')).toBeNull();
    expect(await run('PTTL', 'key')).toBe(-2);
  });

  it.each([
    ['SET', 'key', 'value'],
    ['HSET', 'key', 'field', 'value'],
    ['RPUSH', 'key', 'value'],
    ['ZADD', 'key', '1', 'value'],
    ['XADD', 'key', '*', 'field', 'value'],
  ])('ends a key made by %s at the moment that PEXPIREAT names, and its name is free again', async (...words) => {
    const { run, clock } = embeddedRedis();
    await run(...words);
    expect(await run('PEXPIREAT', 'key', clock.ms + 5)).toBe(1);
    clock.ms += 6;
    expect(await run('EXISTS', 'key')).toBe(0);
    expect(await run('DBSIZE')).toBe(0);
    expect(await run('LPUSH', 'key', 'other')).toBe(1);
    expect(await run('TTL', 'key')).toBe(-1);
  });

  it('removes a key at once when its end is set in the past', async () => {
    const { run, clock, requester } = embeddedRedis();
    await run('SET', 'key', 'value');
    await run('PEXPIREAT', 'key', clock.ms);
    expect(requester.keysInMemory).toBe(0);
  });

  it('counts from the clock for every command', async () => {
    const { run, clock } = embeddedRedis();
    clock.ms = 1_234_567_890_123;
    expect(await run('TIME')).toEqual(['1234567890', '123000']);
    expect(await run('XADD', 'stream', '*', 'f', 'v')).toBe('1234567890123-0');
    await run('SET', 'key', 'value', 'EX', 10);
    expect(await run('PEXPIRETIME', 'key')).toBe(1_234_567_900_123);
  });

  it('gives ids that only ever grow, also within a millisecond and when the clock is set back', async () => {
    const { run, clock } = embeddedRedis();
    const start = clock.ms;
    const add = () => run('XADD', 'stream', '*', 'f', 'v');
    expect([await add(), await add()]).toEqual([`${start}-0`, `${start}-1`]);
    clock.ms -= 5_000;
    expect(await add()).toBe(`${start}-2`);
    clock.ms += 5_001;
    expect(await add()).toBe(`${start + 1}-0`);
  });
});

describe('the sweep', () => {
  it('frees expired keys that nobody asks for, however many there are', async () => {
    vi.useFakeTimers();
    try {
      const { run, clock, requester } = embeddedRedis();
      const keys = 5_500;
      for (let index = 0; index < keys; index += 1) await run('SET', `key${index}`, 'value', 'PX', 1_000 + index);
      await run('SET', 'lasting', 'value');
      clock.ms += 1_000 + keys;
      vi.advanceTimersByTime(2_000);
      expect(requester.keysInMemory).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves what has not expired, and what has been given longer', async () => {
    const { run, clock, requester } = embeddedRedis();
    for (const key of ['short', 'prolonged', 'persisted', 'shortened']) await run('SET', key, 'value', 'PX', 1_000);
    await run('PEXPIRE', 'prolonged', 9_000);
    await run('PERSIST', 'persisted');
    await run('PEXPIRE', 'shortened', 10);
    clock.ms += 500;
    expect(requester.sweep()).toBe(1);
    clock.ms += 501;
    expect(requester.sweep()).toBe(1);
    expect(await run('KEYS', '*')).toEqual(['prolonged', 'persisted']);
  });
});
