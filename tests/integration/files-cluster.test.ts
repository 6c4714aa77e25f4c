import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
import { startApp, type TestApp } from '@tests/support/app';
import { download, randomFile, upload } from '@tests/support/files';
import { type RedisCluster, startRedisCluster } from '@tests/support/redis-cluster';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedRoom } from '@tests/support/sealed-rooms';
import { expectSilence } from '@tests/support/storage-expectations';

expectSilence();

const MB = 1_048_576;
/** By then every node has one. */
const ROOMS_MAX = 100;

describe('files on a cluster of three nodes', () => {
  let cluster: RedisCluster;
  let storage: Storage;
  let app: TestApp;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    storage = await openStorage({ kind: 'redis', url: cluster.url });
    app = await startApp(storage);
  });
  afterAll(async () => {
    await app.close();
    await storage.close();
    await cluster.stop();
  });

  /** Rooms until every node has one; of a room all keys lie on one node. */
  async function openOnEveryNode(): Promise<Seat[]> {
    const seats = new Map<unknown, Seat>();
    for (let count = 0; count < ROOMS_MAX && seats.size < cluster.nodes.length; count += 1) {
      const owner = await roomsApi(app).open(count % 2 === 0 ? {} : sealedRoom());
      for (const node of cluster.nodes) if ((await node.keys(`*${owner.roomId}*`)).length > 0) seats.set(node, owner);
    }
    return cluster.nodes.map((node) => seats.get(node) ?? expect.fail('A node has no room'));
  }

  it('come out as they went in, every key with the end of its room, and nothing is left after it', async () => {
    const owners = await openOnEveryNode();
    for (const owner of owners) {
      const { sealed } = (await owner.look()).body as { sealed: boolean };
      const guest = await (sealed ? joinSealed(roomsApi(app), owner.roomId) : roomsApi(app).join(owner.roomId));
      const file = randomFile(MB, { sealed });
      await upload(owner, file);
      await owner.beginFile(randomFile(100, { sealed }).beginning);
      expect((await download(guest, file)).equals(file.bytes)).toBe(true);
    }
    for (const [index, node] of cluster.nodes.entries()) {
      const { roomId = '', expiresAt = 0 } = owners[index] ?? {};
      const keys = await node.keys(`*${roomId}*`);
      expect(keys).toEqual(expect.arrayContaining([`room:{${roomId}}:files`, `room:{${roomId}}:file-pieces`]));
      for (const key of keys) expect(await node.call('PEXPIRETIME', key), key).toBe(expiresAt);
    }
    for (const owner of owners) expect((await owner.destroy()).status).toBe(204);
    for (const node of cluster.nodes) expect(await node.keys('*:file*')).toEqual([]);
  });
});
