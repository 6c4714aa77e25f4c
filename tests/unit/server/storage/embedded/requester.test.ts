import { Redis } from '@upstash/redis';
import { describe, expect, it } from 'vitest';
import { embeddedRedis, errorLike } from '@tests/support/embedded-redis';

describe('the embedded requester behind the client of @upstash/redis', () => {
  it('keeps text of any script and size as it came', async () => {
    const { run } = embeddedRedis();
    const texts = ['', 'naïve ✓ 🙂 漢字', '\u0000\u0001\u007f\u0080\u00ff', '\ufeffmark', 'long '.repeat(20_000)];
    for (const text of texts) {
      await run('HSET', `key ${text}`, text, text);
      expect(await run('HGETALL', `key ${text}`)).toEqual([text, text]);
    }
  });

  it('parses replies as JSON where the client is asked to', async () => {
    const { requester } = embeddedRedis();
    const redis = new Redis(requester);
    await redis.hset('hash', { object: { a: 1 }, number: 5, text: 'x' });
    expect(await redis.hgetall('hash')).toEqual({ object: { a: 1 }, number: 5, text: 'x' });
  });

  it('gives streams in the shape that the client takes apart', async () => {
    const { redis } = embeddedRedis();
    await redis.xadd('stream', '1-1', { data: 'one' });
    await redis.xadd('stream', '1-2', { data: 'two' });
    expect(await redis.xrange('stream', '(1-1', '+', 5)).toEqual({ '1-2': { data: 'two' } });
  });

  it('answers each command of a pipeline by itself', async () => {
    const { redis } = embeddedRedis();
    const pipeline = redis.pipeline().lpush('list', 'x').incr('list').llen('list');
    expect(await pipeline.exec({ keepErrors: true })).toEqual([
      { result: 1, error: undefined },
      { result: undefined, error: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
      { result: 1, error: undefined },
    ]);
  });

  it('runs a transaction at one moment, and not at all when a command of it is malformed', async () => {
    const { redis, requester } = embeddedRedis();
    const [first, , second] = await redis.multi().time().set('key', 'value').time().exec();
    expect(second).toEqual(first);
    const malformed = requester.request({ path: ['multi-exec'], body: [['SET', 'other', 'x'], ['GET']] });
    await expect(malformed).rejects.toThrow(/^EXECABORT /);
    expect(await redis.exists('key', 'other')).toBe(1);
  });

  it('throws the text of an error whose first word is its kind', async () => {
    const { redis } = embeddedRedis();
    await redis.lpush('list', 'x');
    await expect(redis.get('list')).rejects.toThrow(/^WRONGTYPE /);
    await expect(redis.evalsha('0'.repeat(40), [], [])).rejects.toThrow(/^NOSCRIPT /);
  });

  it('takes numbers and booleans as the client sends them, and refuses anything else', async () => {
    const { run, requester } = embeddedRedis();
    await run('SET', 'number', 5);
    expect(await run('INCRBY', 'number', 3)).toBe(8);
    expect(await requester.request({ body: ['SET', 'flag', true] })).toEqual({ result: 'OK' });
    expect(await run('GET', 'flag')).toBe('true');
    for (const body of [['SET', 'key', null], ['SET', 'key', {}], [], 'PING', undefined]) {
      expect(await requester.request({ body })).toEqual(errorLike(/^ERR /));
    }
  });

  it('knows no other path of the REST interface', async () => {
    const { requester } = embeddedRedis();
    expect(await requester.request({ path: ['del', 'key'] })).toEqual(errorLike(/^ERR /));
  });

  it('rejects everything once it is closed, and keeps nothing', async () => {
    const { requester, run } = embeddedRedis();
    await run('SET', 'key', 'value');
    requester.close();
    expect(requester.keysInMemory).toBe(0);
    await expect(run('GET', 'key')).rejects.toThrow('closed');
  });
});
