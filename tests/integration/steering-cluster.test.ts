import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EXTENSION_MS, OWNER_AWAY_MS } from '@/domain/limits';
import { roomSchema } from '@/domain/room';
import { LobbyBoard } from '@/server/services/lobby-board';
import { openStorage, type Storage } from '@/server/storage/client';
import { roomKeys } from '@/server/storage/keys';
import { startApp, type TestApp } from '@tests/support/app';
import { knock, seatIn, whoWaits } from '@tests/support/doors';
import { actOnFiles, newFileId } from '@tests/support/files';
import { aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { type RedisCluster, startRedisCluster } from '@tests/support/redis-cluster';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { newcomer, rekey, rekeyTo, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually, expectSilence } from '@tests/support/storage-expectations';

expectSilence();

const OPERATOR = 'operator-token-0123456789';
const LISTED = { listed: true, topic: 'Rainy evenings', language: 'pt', slowModeSeconds: 60 };
/** By then every node has one. */
const ROOMS_MAX = 100;

const roomOf = ({ body }: Answer) => roomSchema.parse(body);
const listedSchema = z.object({ listed: z.array(z.object({ roomId: z.string() })) });

describe('a cluster of three nodes, with rate limits, where two processes serve the same rooms', () => {
  let cluster: RedisCluster;
  let storage: Storage;
  let apps: readonly [TestApp, TestApp];
  beforeAll(async () => {
    cluster = await startRedisCluster();
    storage = await openStorage({ kind: 'redis', url: cluster.url });
    const settings = { publicRooms: true, rateLimits: true, operatorToken: OPERATOR };
    apps = [await startApp(storage, settings), await startApp(storage, settings)];
  });
  beforeEach(async () => {
    for (const node of cluster.nodes) await node.flushall();
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await storage.close();
    await cluster.stop();
  });

  /** A client at an address of its own, at the first process or the second. */
  let addresses = 0;
  const client = (process: 0 | 1): RoomsApi => {
    addresses += 1;
    return roomsApi(apps[process], { address: `198.51.100.${addresses}` });
  };
  const look = async () =>
    listedSchema.parse(await new LobbyBoard({ redis: storage.redis, processId: 'another', people: () => 0 }).read());
  const keysOf = async (roomId: string): Promise<Map<string, number>> => {
    const found = new Map<string, number>();
    for (const node of cluster.nodes)
      for (const key of await node.keys(`*${roomId}*`)) found.set(key, Number(await node.call('PEXPIRETIME', key)));
    return found;
  };
  const isOn = async (node: RedisCluster['nodes'][number], { roomId }: Seat) =>
    (await node.keys(`*${roomId}*`)).length > 0;

  /** Rooms until every node has one; of a room all keys lie on one node. Each has an owner at an address of their own. */
  async function onEveryNode(make: () => Promise<Seat>): Promise<Seat[]> {
    const seats = new Map<unknown, Seat>();
    for (let count = 0; count < ROOMS_MAX && seats.size < cluster.nodes.length; count += 1) {
      const owner = await make();
      for (const node of cluster.nodes) if (!seats.has(node) && (await isOn(node, owner))) seats.set(node, owner);
    }
    return cluster.nodes.map((node) => seats.get(node) ?? expect.fail('A node has no room'));
  }

  it('knocks, whispers and slow mode', { timeout: 60_000 }, async () => {
    for (const owner of await onEveryNode(() => client(0).open())) {
      const stream = await listenTo(apps[1].url, owner);
      const friend = await client(1).join(owner.roomId);
      const theirs = await listenTo(apps[0].url, friend);
      expect((await owner.steer({ ...LISTED, entry: 'knock' })).body).toMatchObject({ ...LISTED, entry: 'knock' });
      expect((await look()).listed.map(({ roomId }) => roomId)).toContain(owner.roomId);
      const guest = await knock(client(1), owner.roomId, { name: 'Quiet Otter' });
      const refused = await knock(client(1), owner.roomId, { name: 'Loud Fox' });
      await eventually(() => expect(stream.data('member.knocked')).toHaveLength(2));
      expect(await whoWaits(owner)).toEqual([guest.knockId, refused.knockId]);
      expect((await owner.answerKnock(guest.knockId, true)).status).toBe(204);
      expect((await owner.answerKnock(refused.knockId, false)).status).toBe(204);
      const asks = (token: string, process: 0 | 1) =>
        client(process).ask('POST', `/api/room/join?roomId=${owner.roomId}`, {
          token,
          json: { name: 'Quiet Otter', credentials: 'bearer' },
        });
      const seated = seatIn(await asks(guest.token, 0));
      expectProblem(await asks(refused.token, 0), 'refused');
      expect((await owner.whisper(friend.memberId, 'psst')).status).toBe(204);
      expectProblem(await owner.whisper(seated.memberId, 'psst'), 'member_away');
      await eventually(() =>
        expect(theirs.data('member.whispered')).toEqual([{ from: owner.memberId, to: friend.memberId, text: 'psst' }]),
      );
      expect(theirs.data('member.knocked')).toEqual([]);
      expect((await friend.send()).status).toBe(201);
      const slowed = await friend.send();
      expectProblem(slowed, 'rate_limited');
      expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(50);
      expectProblem(await owner.beginFile({ id: newFileId(), bytes: 40, pieces: 1 }), 'file_too_large');
      const cleared = await owner.steer({ language: null });
      expect([cleared.status, roomOf(cleared).language]).toEqual([200, undefined]);
    }
  });

  it('knocks of a sealed room, whose rekey ends them', { timeout: 60_000 }, async () => {
    for (const owner of await onEveryNode(() => client(0).open(sealedRoom({ entry: 'knock' })))) {
      const [who, other] = [newcomer(), newcomer()];
      const [guest, waiting] = [await knock(client(0), owner.roomId, who), await knock(client(0), owner.roomId, other)];
      await owner.answerKnock(guest.knockId, true);
      const seated = await client(1).ask('POST', `/api/room/join?roomId=${owner.roomId}`, {
        token: guest.token,
        json: { ...who, credentials: 'bearer' },
      });
      expect(seated).toMatchObject({ status: 201, body: { memberId: who.memberId } });
      const left = [{ memberId: owner.memberId }, { memberId: who.memberId }];
      expect((await rekey(client(1), owner, rekeyTo(1, left))).status).toBe(200);
      expect(await whoWaits(owner)).toEqual([]);
      const late = await client(1).ask('POST', `/api/room/join?roomId=${owner.roomId}`, {
        token: waiting.token,
        json: { ...other, credentials: 'bearer' },
      });
      expectProblem(late, 'wrong_key');
    }
  });

  it(
    'ten minutes more: every key of the room, its places in the lobby and its leases',
    { timeout: 60_000 },
    async () => {
      const makers = new Map<string, RoomsApi>();
      const make = async () => {
        const api = client(0);
        const owner = await api.open(LISTED);
        makers.set(owner.roomId, api);
        return owner;
      };
      for (const owner of await onEveryNode(make)) {
        const api = makers.get(owner.roomId) ?? expect.fail('nobody made it');
        const guest = await client(1).join(owner.roomId);
        const streams = [await listenTo(apps[0].url, owner), await listenTo(apps[1].url, guest)];
        await owner.steer({ listed: false });
        for (const seat of [owner, guest]) await actOnFiles(seat);
        await owner.steer(LISTED);
        await client(1).ask('POST', `/api/reports?roomId=${owner.roomId}`, { token: guest.token, json: {} });
        expect(roomOf(await guest.extend(true)).extension).toMatchObject({ by: guest.memberId });
        const before = await keysOf(owner.roomId);
        const { expiresAt } = roomOf(await owner.extend(true));
        expect(expiresAt).toBe(owner.expiresAt + EXTENSION_MS);
        const after = await keysOf(owner.roomId);
        expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
        expect(after.size).toBeGreaterThan(8);
        expect(new Set(after.values())).toEqual(new Set([expiresAt]));
        for (const stream of streams)
          await eventually(() => expect(stream.data('room.updated').at(-1)).toEqual({ expiresAt, extension: null }));
        expect(Number(await storage.redis.zscore('lobby:{lobby}:ends', owner.roomId))).toBe(expiresAt);
        expect(Number(await storage.redis.zscore('lobby:{lobby}:reported', owner.roomId))).toBe(expiresAt);
        const refused = await api.ask('POST', '/api/room', { json: LISTED });
        expectProblem(refused, 'rate_limited');
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1_100);
      }
    },
  );

  it(
    'reports from three addresses, and the operator’s end, which gives everything back',
    { timeout: 60_000 },
    async () => {
      const api = client(0);
      const operator = { token: OPERATOR };
      for (let round = 0; round < 6; round += 1) {
        const owner = await api.open(LISTED);
        const stream = await listenTo(apps[1].url, owner);
        expectProblem(await api.ask('POST', '/api/room', { json: LISTED }), 'rate_limited');
        const pest = client(1);
        const removed = await pest.join(owner.roomId);
        await owner.remove(removed.memberId);
        expectProblem(await pest.ask('POST', `/api/room/join?roomId=${owner.roomId}`), 'refused');
        for (const count of [1, 2, 3]) {
          const from = client(1);
          const { token } = await from.join(owner.roomId);
          const reported = await from.ask('POST', `/api/reports?roomId=${owner.roomId}`, {
            token,
            json: { reason: 'x' },
          });
          expect([reported.status, roomOf(await owner.look()).listed]).toEqual([204, count < 3]);
        }
        await eventually(() => expect(stream.data('room.updated')).toEqual([{ listed: false }]));
        expect((await look()).listed.map(({ roomId }) => roomId)).not.toContain(owner.roomId);
        expectProblem(await owner.steer(LISTED), 'lobby_off');
        const reports = (await (await apps[1].call('GET', '/api/reports', operator)).json()) as object;
        expect(reports).toMatchObject({
          reports: [{ roomId: owner.roomId, topic: LISTED.topic, times: 3, reasons: ['x', 'x', 'x'], at: aNumber }],
        });
        expect((await apps[1].call('DELETE', `/api/reports?roomId=${owner.roomId}`, operator)).status).toBe(204);
        await eventually(() => expect(stream.data('chat.destroy')).toHaveLength(1));
        expect(await (await apps[0].call('GET', '/api/reports', operator)).json()).toEqual({ reports: [] });
        expect(await keysOf(owner.roomId)).toEqual(new Map());
      }
    },
  );

  it('handing over, and taking over after three minutes', { timeout: 60_000 }, async () => {
    for (const owner of await onEveryNode(() => client(0).open())) {
      const [guest, other] = [await client(1).join(owner.roomId), await client(1).join(owner.roomId)];
      const stream = await listenTo(apps[1].url, other);
      expect((await owner.handOver(guest.memberId)).status).toBe(200);
      expectProblem(await other.handOver(other.memberId), 'not_the_owner');
      // The new owner has had no stream for as long as that.
      const { now } = roomOf(await other.look());
      await storage.redis.hset(roomKeys(owner.roomId).room, { ownerUntil: now - OWNER_AWAY_MS });
      const statuses = await Promise.all([other.handOver(other.memberId), owner.handOver(owner.memberId)]);
      expect(statuses.map(({ status }) => status).sort()).toEqual([200, 403]);
      await eventually(() => expect(stream.data('room.updated')).toHaveLength(2));
      expect(stream.data('room.updated')[0]).toEqual({ ownerId: guest.memberId });
    }
  });
});
