import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
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
import { startTcpProxy } from '@tests/support/tcp-proxy';
import { startUpstashBridge, type UpstashBridge } from '@tests/support/upstash-bridge';

expectSilence();

describe('storage at Upstash', () => {
  let server: RedisServer;
  let bridge: UpstashBridge;
  let opened: Storage;
  beforeAll(async () => {
    server = await startRedisServer();
    bridge = await startUpstashBridge(server.url);
    opened = await openStorage({ kind: 'upstash', url: bridge.url, token: bridge.token });
  });
  afterAll(async () => {
    await opened.close();
    await bridge.stop();
    await server.stop();
  });

  it('repeats a command whose answer was lost, which may execute it twice', async () => {
    bridge.dropNextResponses(2);
    expect(await opened.redis.incr('count')).toBe(3);
  });

  it.each([
    [429, '{"error":"ERR max daily request limit exceeded. Limit: 10000, Usage: 10001."}', /answered 429/],
    [400, '{"error":"ERR max requests limit exceeded. Limit: 10000, Usage: 10001."}', /answered ERR/],
    [500, '{"error":"ERR something broke"}', /answered 500/],
    [503, '<html>Service Unavailable</html>', /answered 503/],
    [502, '', /answered 502/],
    [200, '<html>Log in to this network</html>', /other than JSON/],
  ])('is unavailable at once when the answer is %i %s', async (status, body, why) => {
    const refuse = () => bridge.refuse(1, status, body);
    refuse();
    await expectUnavailable(opened.redis.set('key', SECRET), why, AT_ONCE_MS);
    refuse();
    await expectUnavailable(opened.redis.pipeline().set('key', SECRET).exec(), why, AT_ONCE_MS);
    refuse();
    await expectUnavailable(opened.redis.multi().set('key', SECRET).exec(), why, AT_ONCE_MS);
    expect(await opened.redis.exists('key')).toBe(0);
  });

  it.each(UNKNOWN_COMMANDS)(
    "keeps the arguments out of Redis's errors about what it does not know in %s",
    async (_, path, body) => {
      const answer: unknown = await opened.requester.request({ path, body }).catch((error: unknown) => error);
      expect(inspect(answer)).toMatch(/ERR unknown command|EXECABORT/i);
      expect(inspect(answer)).not.toContain(SECRET);
    },
  );

  it('is unavailable at once when the token is wrong, and does not repeat the token', async () => {
    const stranger = await openStorage({ kind: 'upstash', url: bridge.url, token: SECRET });
    await expectUnavailable(stranger.redis.ping(), /answered 401/, AT_ONCE_MS);
    await expectUnavailable(listen(stranger, 'room').opened, /answered 401/, AT_ONCE_MS);
    await stranger.close();
  });

  it('is unavailable after the wait when Upstash does not answer, or is not there', async () => {
    const nobody = await startTcpProxy();
    await nobody.stop();
    const away = await openStorage({ kind: 'upstash', url: `http://127.0.0.1:${nobody.port}`, token: 'x' });
    bridge.delay(2 * STORAGE_WAIT_MS);
    await Promise.all([
      expectUnavailable(opened.redis.set('key', SECRET), /did not answer|no answer/),
      expectUnavailable(listen(opened, 'room').opened, /no answer/),
      expectUnavailable(away.redis.set('key', SECRET), /ECONNREFUSED/),
      expectUnavailable(listen(away, 'room').opened, /ECONNREFUSED/),
    ]);
    bridge.delay(0);
    await away.close();
  });

  it('reports that a subscription ended when its stream did, and opens another', async () => {
    const ear = await listening(opened, 'room');
    bridge.endStreams();
    await eventually(() => expect(ear.lines).toEqual(['subscribe,room,1', 'unsubscribe,room,0']));
    const again = await listening(opened, 'room');
    await opened.redis.publish('room', 'after');
    await eventually(() => expect(again.lines).toEqual(['subscribe,room,1', 'message,room,after']));
    again.stop();
    await eventually(() => expect(bridge.openStreams).toBe(0));
    expect(again.lines.at(-1)).toBe('message,room,after');
  });

  it('ends its listeners when it is closed', async () => {
    const short = await openStorage({ kind: 'upstash', url: bridge.url, token: bridge.token });
    const ear = await listening(short, 'room');
    await short.close();
    await eventually(() => expect(ear.lines).toEqual(['subscribe,room,1', 'unsubscribe,room,0']));
  });

  it.each(['../del/victim', '..', 'a/b', 'a?b', 'a%2Fb', ''])(
    'makes no request for the channel %j',
    async (channel) => {
      const before = bridge.requests.length;
      await expect(listen(opened, channel).opened).rejects.toThrow(TypeError);
      expect(bridge.requests).toHaveLength(before);
    },
  );
});
