import { afterAll, beforeAll, expect, it } from 'vitest';
import { LobbyBoard } from '@/server/services/lobby-board';
import { openStorage, type Storage } from '@/server/storage/client';
import { startApp, type TestApp } from '@tests/support/app';
import { type RedisCluster, startRedisCluster } from '@tests/support/redis-cluster';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { expectSilence } from '@tests/support/storage-expectations';

expectSilence();

let cluster: RedisCluster;
let storage: Storage;
let app: TestApp;
beforeAll(async () => {
  cluster = await startRedisCluster();
  storage = await openStorage({ kind: 'redis', url: cluster.url });
  app = await startApp(storage, { publicRooms: true, operatorToken: 'operator-token-0123456789' });
});
afterAll(async () => {
  await app.close();
  await storage.close();
  await cluster.stop();
});

const look = () => new LobbyBoard({ redis: storage.redis, processId: 'another', people: () => 0 }).read();
const operator = { token: 'operator-token-0123456789' };

it('a cluster of three nodes lists, reports and ends rooms wherever they lie, though no script has keys of two of them', async () => {
  const api = roomsApi(app);
  const owners: Seat[] = [];
  for (let count = 0; count < 24; count += 1) owners.push(await api.open({ listed: true, topic: `Room ${count}` }));
  const nodes = new Set<unknown>();
  for (const node of cluster.nodes) if ((await node.keys('room:*')).length > 0) nodes.add(node);
  expect(nodes.size).toBe(3);
  const first = await look();
  expect(first.rooms).toBe(24);
  expect(first.listed.map(({ roomId }) => roomId).sort()).toEqual(owners.map(({ roomId }) => roomId).sort());
  const [ended, reported, unlisted, locked] = owners;
  if (!ended || !reported || !unlisted || !locked) throw new Error('no rooms');
  await ended.destroy();
  await api.ask('PATCH', `/api/room?roomId=${unlisted.roomId}`, { token: unlisted.token, json: { listed: false } });
  await locked.lock(true);
  for (const { roomId, token } of [reported, unlisted])
    await api.ask('POST', `/api/reports?roomId=${roomId}`, { token, json: { reason: 'Rude' } });
  const reports = await app.call('GET', '/api/reports', operator);
  expect(await reports.json()).toMatchObject({ reports: [{ roomId: reported.roomId, times: 1, reasons: ['Rude'] }] });
  expect((await app.call('DELETE', `/api/reports?roomId=${reported.roomId}`, operator)).status).toBe(204);
  const second = await look();
  expect(second).toMatchObject({ rooms: 22 });
  expect(second.listed).toHaveLength(20);
  for (const owner of owners) await owner.destroy();
  expect(await look()).toMatchObject({ rooms: 0, listed: [] });
  for (const node of cluster.nodes) expect(await node.keys('*')).toEqual(await node.keys('limit:*'));
});
