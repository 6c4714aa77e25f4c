import { inspect } from 'node:util';
import { errors } from '@upstash/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import { adoptStorage, closeStorage, storage } from '@/server/storage/client';
import { roundTripsOf } from '@tests/support/recording-requester';
import { eventually, expectSilence, listening, SECRET } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

expectSilence();

describeOnEveryStorage('storage', (current) => {
  it.each(['123', 'true', 'null', 'OK', '{"a":1}', '', '1e3', 'a\0b', 'Grüße, 世界 🦋', '\r\n*1\r\n', '"', 'T0s='])(
    'returns the text %j as it was',
    async (text) => {
      const { redis } = current().storage;
      await redis.set('text', text);
      await redis.hset('hash', { [text]: text });
      expect(await redis.get('text')).toBe(text);
      expect(await redis.hgetall('hash')).toEqual([text, text]);
      expect(await redis.eval('return {ARGV[1], {ARGV[1]}}', [], [text])).toEqual([text, [text]]);
    },
  );

  it('gives replies in one shape', async () => {
    const { redis } = current().storage;
    expect(await redis.get('nothing')).toBeNull();
    expect(await redis.ping()).toBe('PONG');
    expect(await redis.hset('hash', { a: 1, b: 'two' })).toBe(2);
    expect(await redis.hgetall('hash')).toEqual(['a', '1', 'b', 'two']);
    await redis.xadd('stream', '1-1', { field: 'value' });
    expect(await redis.xrange('stream', '-', '+')).toEqual([['1-1', ['field', 'value']]]);
    expect(await redis.pexpireat('stream', Date.now() + 60_000)).toBe(1);
    expect(await redis.eval('return {1, false, 2}', [], [])).toEqual([1, null, 2]);
  });

  it('executes the commands of a pipeline in one round trip and in order, and keeps the errors of single ones', async () => {
    const { redis } = current().storage;
    const pipeline = redis.pipeline();
    pipeline.set('key', 'one');
    pipeline.lpush('key', 'two');
    pipeline.get('key');
    const [set, push, get] = await pipeline.exec({ keepErrors: true });
    expect(set).toMatchObject({ result: 'OK' });
    expect(push?.error).toMatch(/^WRONGTYPE /);
    expect(get).toMatchObject({ result: 'one' });
    expect(current().recorded.map(({ name, via }) => [name, via])).toEqual([
      ['SET', 'pipeline'],
      ['LPUSH', 'pipeline'],
      ['GET', 'pipeline'],
    ]);
    expect(roundTripsOf(current().recorded)).toBe(1);
  });

  it('executes a transaction as a whole, or not at all', async () => {
    const { redis } = current().storage;
    const whole = redis.multi();
    whole.set('key', 'one');
    whole.incr('count');
    whole.get('key');
    expect(await whole.exec()).toEqual(['OK', 1, 'one']);

    const broken = redis.multi();
    broken.incr('count');
    broken.evalsha('', [], []);
    broken.get('count');
    await broken.exec().catch(() => undefined);
    const refused = current().storage.requester.request({
      path: ['multi-exec'],
      body: [['INCR', 'count'], ['NOSUCHCOMMAND']],
    });
    await expect(refused).rejects.toThrow(/^EXECABORT /);
    expect(Number(await redis.get('count'))).toBeLessThanOrEqual(2);
  });

  it('returns NOSCRIPT for a script it does not know, so that the script is sent in full', async () => {
    const { redis } = current().storage;
    const script = redis.createScript<[string, string]>('return {KEYS[1], ARGV[1]}');
    await redis.scriptFlush();
    await expect(redis.evalsha('0'.repeat(40), ['key'], [SECRET])).rejects.toThrow(/NOSCRIPT/);
    current().recorded.length = 0;
    expect(await script.exec(['key'], ['value'])).toEqual(['key', 'value']);
    expect(await script.exec(['key'], ['value'])).toEqual(['key', 'value']);
    expect(current().recorded.map(({ name }) => name)).toEqual(['EVALSHA', 'EVAL', 'EVALSHA']);
    expect(current().recorded[0]?.error).toMatch(/^NOSCRIPT /);
  });

  it("throws Redis's own errors as such, without the arguments of the command", async () => {
    const { redis } = current().storage;
    await redis.set('key', 'text');
    await expect(redis.lpush('key', SECRET)).rejects.toThrow(errors.UpstashError);
    const refused = await redis.lpush('key', SECRET).catch((error: unknown) => error);
    expect(inspect(refused)).toMatch(/WRONGTYPE /);
    expect(inspect(refused)).not.toContain(SECRET);
  });

  it('passes every publication on a channel to all its listeners, in order, after reporting that it listens', async () => {
    const { redis } = current().storage;
    const [first, second, other] = await Promise.all(
      ['room', 'room', 'other'].map((name) => listening(current().storage, name)),
    );
    const payloads = Array.from({ length: 200 }, (_, index) => `{"n":${index},"text":"a, b"}`);
    for (const payload of payloads) await redis.publish('room', payload);
    const expected = ['subscribe,room,1', ...payloads.map((payload) => `message,room,${payload}`)];
    await eventually(() => expect(first?.lines).toEqual(expected));
    await eventually(() => expect(second?.lines).toEqual(expected));
    expect(other?.lines).toEqual(['subscribe,other,1']);
    for (const ear of [first, second, other]) ear?.stop();
  });

  it('passes nothing more to a listener that has stopped, and goes on for the others', async () => {
    const { redis } = current().storage;
    const [leaving, staying] = await Promise.all([
      listening(current().storage, 'room'),
      listening(current().storage, 'room'),
    ]);
    leaving.stop();
    await redis.publish('room', 'later');
    await eventually(() => expect(staying.lines.at(-1)).toBe('message,room,later'));
    expect(leaving.lines).toEqual(['subscribe,room,1']);

    staying.stop();
    const again = await listening(current().storage, 'room');
    await redis.publish('room', 'again');
    await eventually(() => expect(again.lines).toEqual(['subscribe,room,1', 'message,room,again']));
    expect(staying.lines.at(-1)).toBe('message,room,later');
    again.stop();
  });

  it("serves the library's own subscriber", async () => {
    const { redis } = current().storage;
    const heard: unknown[] = [];
    const subscriber = redis.subscribe<string>('room');
    subscriber.on('subscribe', (count) => heard.push(count));
    subscriber.on('message', ({ message }) => heard.push(message));
    await eventually(() => expect(heard).toEqual([1]));
    await redis.publish('room', '123');
    await eventually(() => expect(heard).toEqual([1, '123']));
    await subscriber.unsubscribe();
  });

  it('lets a test look at Redis after every round trip, before the answer is given', async () => {
    const { storage: opened, command, afterEveryCommand } = current();
    const seen: unknown[] = [];
    afterEveryCommand(async (commands) => {
      seen.push([commands.map(({ name }) => name), await command('TTL', 'key')]);
    });
    await opened.redis.set('key', 'value', { ex: 60 });
    expect(seen).toEqual([[['SET'], 60]]);
  });
});

describe('the storage of the process', () => {
  afterEach(closeStorage);

  it('is opened once for everybody', async () => {
    const [first, second] = await Promise.all([storage(), storage()]);
    expect(second).toBe(first);
    expect(await storage()).toBe(first);
  });

  it('is opened again after it could not be', async () => {
    const failing = Promise.reject(new RoomError('storage_unavailable'));
    adoptStorage(failing);
    await expect(storage()).rejects.toThrow(RoomError);
    expect((await storage()).kind).toBe('embedded');
  });
});
