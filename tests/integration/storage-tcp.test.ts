import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
import { DEAF } from '@/server/storage/requesters/requester';
import { STORAGE_WAIT_MS } from '@/server/storage/unavailable';
import { type RedisServer, startRedisServer } from '@tests/support/redis-server';
import {
  AT_ONCE_MS,
  eventually,
  expectSilence,
  expectUnavailable,
  listen,
  listening,
  SECRET,
  UNKNOWN_COMMANDS,
} from '@tests/support/storage-expectations';
import { startTcpProxy, type TcpProxy } from '@tests/support/tcp-proxy';

expectSilence();

describe('storage over TCP', () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let opened: Storage;
  beforeAll(async () => {
    server = await startRedisServer();
    proxy = await startTcpProxy(server.port);
    opened = await openStorage({ kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` });
  });
  afterAll(async () => {
    await opened.close();
    await proxy.stop();
    await server.stop();
  });
  afterEach(() => proxy.mend());

  it('listens to any number of channels over one connection', async () => {
    const channels = Array.from({ length: 50 }, (_, index) => `channel-${index}`);
    const ears = await Promise.all(channels.map((channel) => listening(opened, channel)));
    expect(
      String(await server.command('CLIENT', 'LIST', 'TYPE', 'pubsub'))
        .trim()
        .split('\n'),
    ).toHaveLength(1);
    for (const ear of ears) ear.stop();
    await eventually(async () => expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]));
  });

  it('listens again by itself when the connection was killed, and says so, so that the gap can be read up', async () => {
    const ears = await Promise.all(['one', 'two'].map((channel) => listening(opened, channel)));
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    for (const [index, channel] of ['one', 'two'].entries()) {
      await eventually(() => expect(ears[index]?.lines).toEqual([`subscribe,${channel},1`, `subscribe,${channel},1`]));
      await opened.redis.publish(channel, 'after');
      await eventually(() => expect(ears[index]?.lines.at(-1)).toBe(`message,${channel},after`));
    }
    for (const ear of ears) ear.stop();
  });

  it('finds out by itself that a silent connection is dead, and listens on another', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const attentive = await openStorage({ kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` });
    const ear = await listening(attentive, 'room');
    const endedBefore = proxy.ended;
    proxy.stall('everything');
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await vi.waitUntil(() => proxy.ended > endedBefore, { timeout: 2 * STORAGE_WAIT_MS });
    proxy.mend();
    await eventually(() => expect(ear.lines).toEqual(['subscribe,room,1', 'subscribe,room,1']));
    await attentive.close();
  });

  it('takes one new connection for all channels when it is said to be deaf, however many say so', async () => {
    const ears = await Promise.all(['one', 'two', 'three'].map((channel) => listening(opened, channel)));
    const endedBefore = proxy.ended;
    proxy.deafen();
    for (const ear of ears.slice(0, 2)) ear.stop(DEAF);
    const again = listen(opened, 'two');
    await eventually(() => expect(ears[2]?.lines).toEqual(['subscribe,three,1', 'subscribe,three,1']));
    await again.opened;
    // Who finds out later speaks of a connection that is gone.
    ears[2]?.stop();
    const late = await listening(opened, 'three');
    await opened.redis.publish('three', 'heard');
    await opened.redis.publish('two', 'heard');
    await eventually(() =>
      expect([late.lines.at(-1), again.lines.at(-1)]).toEqual(['message,three,heard', 'message,two,heard']),
    );
    expect(proxy.ended - endedBefore).toBe(1);
    for (const ear of [again, late]) ear.stop();
  });

  it.each(UNKNOWN_COMMANDS)(
    "keeps the arguments out of Redis's words about what it does not know in %s",
    async (_, path, body) => {
      const answer: unknown = await opened.requester.request({ path, body }).catch((error: unknown) => error);
      expect(inspect(answer)).toMatch(/ERR unknown command|EXECABORT/i);
      expect(inspect(answer)).not.toContain(SECRET);
    },
  );

  it('finishes commands that met a lost connection, once it is back', async () => {
    await opened.redis.set('key', 'value');
    proxy.cut();
    const waiting = [opened.redis.get('key'), opened.redis.pipeline().get('key').get('key').exec()];
    const ear = listen(opened, 'room');
    proxy.mend();
    expect(await Promise.all(waiting)).toEqual(['value', ['value', 'value']]);
    await ear.opened;
    expect(ear.lines).toEqual(['subscribe,room,1']);
    ear.stop();
  });

  it('repeats a command whose answer was lost, so that it may be done twice', async () => {
    proxy.stall('answers');
    const waiting = opened.redis.incr('count');
    await eventually(async () => expect(await server.command('GET', 'count')).toBe('1'));
    proxy.cut();
    proxy.mend();
    expect(await waiting).toBe(2);
  });

  it('is unavailable when Redis stays away for the wait, and does not do later what it refused', async () => {
    proxy.cut();
    await Promise.all([
      expectUnavailable(opened.redis.rpush('refused', SECRET), /did not answer within|cannot be reached/),
      expectUnavailable(
        opened.redis.multi().rpush('refused', SECRET).exec(),
        /did not answer within|cannot be reached/,
      ),
      expectUnavailable(listen(opened, 'refused').opened, /did not answer within|cannot be reached/),
    ]);
    proxy.mend();
    expect(await opened.redis.exists('refused')).toBe(0);
  });

  it('is unavailable when Redis does not answer, and comes back on a connection of its own making', async () => {
    proxy.stall('everything');
    const ear = listen(opened, 'silent');
    await Promise.all([
      expectUnavailable(opened.redis.set('key', SECRET), /did not answer within/),
      expectUnavailable(ear.opened, /did not answer within/),
    ]);
    proxy.mend();
    expect(await opened.redis.ping()).toBe('PONG');
  });

  it('ends its listeners when it is closed, and refuses what comes after', async () => {
    const short = await openStorage({ kind: 'redis', url: server.url });
    const ear = await listening(short, 'room');
    await short.close();
    expect(ear.lines).toEqual(['subscribe,room,1', 'unsubscribe,room,0']);
    await expectUnavailable(short.redis.ping(), /closed/, AT_ONCE_MS);
    await expectUnavailable(listen(short, 'room').opened, /closed/, AT_ONCE_MS);
  });

  it('does not open where there is no Redis, or one that refuses the password', async () => {
    const nobody = await startTcpProxy();
    await nobody.stop();
    const guarded = await startRedisServer();
    await guarded.command('CONFIG', 'SET', 'requirepass', 'sesame');
    const withPassword = (password: string) => `redis://:${password}@127.0.0.1:${guarded.port}`;
    await Promise.all([
      expectUnavailable(openStorage({ kind: 'redis', url: `redis://127.0.0.1:${nobody.port}` }), /ECONNREFUSED/),
      expectUnavailable(openStorage({ kind: 'redis', url: withPassword(SECRET) }), /WRONGPASS/, AT_ONCE_MS),
      expectUnavailable(openStorage({ kind: 'redis', url: guarded.url }), /NOAUTH/, AT_ONCE_MS),
    ]);
    const right = await openStorage({ kind: 'redis', url: withPassword('sesame') });
    expect(await right.redis.ping()).toBe('PONG');
    await right.close();
    await guarded.stop();
  });

  it('speaks TLS, and nothing else, to rediss://', async () => {
    const listener = await startTcpProxy();
    const opening = openStorage({ kind: 'redis', url: `rediss://:${SECRET}@127.0.0.1:${listener.port}` });
    const refused = expectUnavailable(opening, /did not answer within/);
    await eventually(() => expect(listener.firstBytes).not.toHaveLength(0));
    // The record type of a TLS handshake.
    expect(listener.firstBytes[0]).toBe(22);
    expect(listener.firstBytes.includes(SECRET)).toBe(false);
    await refused;
    await listener.stop();
  });
});
