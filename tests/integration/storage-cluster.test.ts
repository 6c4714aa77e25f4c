import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
import { type RedisCluster, startRedisCluster } from '@tests/support/redis-cluster';
import { eventually, expectSilence, expectUnavailable, listening } from '@tests/support/storage-expectations';

expectSilence();

describe('storage on a cluster', () => {
  let cluster: RedisCluster;
  let opened: Storage;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    opened = await openStorage({ kind: 'redis', url: cluster.url });
  });
  afterAll(async () => {
    await opened.close();
    await cluster.stop();
  });

  const rooms = Array.from({ length: 12 }, (_, index) => `room:{${index}}`);

  it('finds the node of every room', async () => {
    for (const room of rooms) await opened.redis.set(room, room);
    expect(await Promise.all(rooms.map((room) => opened.redis.get(room)))).toEqual(rooms);
  });

  it('runs a script on every node, after sending it to each once', async () => {
    const script = opened.redis.createScript<[string, string]>(
      "redis.call('SET', KEYS[1], ARGV[1]) return {redis.call('GET', KEYS[1]), redis.call('EXISTS', KEYS[2])}",
    );
    for (const room of rooms) expect(await script.exec([room, `${room}:members`], ['x'])).toEqual(['x', 0]);
  });

  it("executes a pipeline and a transaction of one room's keys", async () => {
    for (const room of rooms) {
      expect(await opened.redis.pipeline().set(room, 'a').get(room).exec()).toEqual(['OK', 'a']);
      expect(await opened.redis.multi().set(room, 'b').hset(`${room}:members`, { a: 1 }).get(room).exec()).toEqual([
        'OK',
        1,
        'b',
      ]);
      await opened.redis.del(`${room}:members`);
    }
  });

  it('hears on one node the publications of a script on another', async () => {
    const ears = await Promise.all(rooms.map((room) => listening(opened, room)));
    for (const room of rooms)
      await opened.redis.eval("return redis.call('PUBLISH', KEYS[1], ARGV[1])", [room], ['hello']);
    for (const [index, room] of rooms.entries()) {
      await eventually(() => expect(ears[index]?.lines).toEqual([`subscribe,${room},1`, `message,${room},hello`]));
    }
    for (const ear of ears) ear.stop();
  });

  it('refuses an address that names a database, which a cluster does not have', async () => {
    await expectUnavailable(openStorage({ kind: 'redis', url: `${cluster.url}/1` }), /database 1|SELECT/);
  });
});
