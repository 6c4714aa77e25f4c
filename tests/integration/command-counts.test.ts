import { expect, it, onTestFinished } from 'vitest';
import { newMemberId, newRoomId } from '@/server/auth/tokens';
import { openStorage, storageOver } from '@/server/storage/client';
import { reportPresence } from '@/server/storage/presence';
import { startApp } from '@tests/support/app';
import { NAMED_FILE, NAMED_KNOCK } from '@tests/support/endpoints';
import { newFileId } from '@tests/support/files';
import { recordRequests, roundTripsOf } from '@tests/support/recording-requester';
import { startRedisServer } from '@tests/support/redis-server';
import { type RoomsApi, roomsApi, type Seat, UNKNOWN_ROOM } from '@tests/support/rooms';
import {
  joinSealed,
  newcomer,
  readEpochs,
  rekey,
  rekeyTo,
  sealedMessage,
  sealedRoom,
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

const PIECE = new Uint8Array(262_144);

type Acts = Record<string, (api: RoomsApi, owner: Seat, guest: Seat, sealed: Seat) => Promise<unknown>>;

const ACTS: Acts = {
  'making a room': (api) => api.open(),
  'looking at a room': (_, owner) => owner.look(),
  'looking at a room that is not there': (api) => api.ask('GET', `/api/room?roomId=${newRoomId()}`),
  // The first round has already done this.
  'looking at the same again': (api) => api.ask('GET', `/api/room?roomId=${UNKNOWN_ROOM}`),
  joining: (api, owner) => api.join(owner.roomId),
  'joining again': (_, owner) => owner.join(),
  'sending a message': (_, owner) => owner.send(),
  'sending it again': (_, owner) => owner.send({ id: 'the-same-id' }),
  'editing one': (_, owner) => owner.send({ about: { kind: 'edit', id: 'the-same-id' } }),
  'taking one back': (_, owner) => owner.takeBack('the-same-id'),
  'taking several back': (_, owner) => owner.takeBack('the-same-id', 'message-1', 'message-2'),
  'reading a page backwards': (_, owner) => owner.history('before=end'),
  'reading the history': (_, owner) => owner.history('limit=200'),
  'listing members': (_, owner) => owner.members(),
  'changing a name': (_, owner) => owner.rename('Owner'),
  locking: (_, owner) => owner.lock(true),
  'sending a sealed message': (_, __, ___, sealed) => sealed.send(sealedMessage()),
  'sending one of another epoch': (_, __, ___, sealed) => sealed.send(sealedMessage(214, 1)),
  'joining a sealed room': (api, _, __, sealed) => joinSealed(api, sealed.roomId),
  'moving a seat': (_, __, ___, sealed) => sealed.join(newcomer()),
  'replacing the secret': (api, _, __, sealed) => rekey(api, sealed, rekeyTo(1, [sealed])),
  'replacing it for others than are seated': (api, _, __, sealed) => rekey(api, sealed, rekeyTo(1, [])),
  'reading a page of epochs': (api, _, __, sealed) => readEpochs(api, sealed),
  typing: (_, owner) => owner.signal({ typing: true }),
  'typing no more': (_, owner) => owner.signal({ typing: false }),
  'having read on': async (_, owner) => owner.signal({ typing: true, seen: '9999999999999-0' }),
  'ending a proposal': (_, owner) => owner.extend(false),
  'moving the end of a room': (_, owner) => owner.extend(true),
  whispering: (_, owner, guest) => owner.whisper(guest.memberId, 'hello'),
  'looking who waits at the door': (_, owner) => owner.knocks(),
  'answering a knock': (_, owner) => owner.answerKnock(NAMED_KNOCK, true),
  'handing over': (_, owner, guest) => owner.handOver(guest.memberId),
  'beginning a file': (_, owner) => owner.beginFile({ id: newFileId(), bytes: 300_000, pieces: 2 }),
  'sending a piece of one': (_, owner) => owner.putPiece(NAMED_FILE, 0, PIECE),
  'looking at a file': (_, owner) => owner.readFile(NAMED_FILE),
  'reading a piece that is not there': (_, owner) => owner.readPiece(NAMED_FILE, 0),
  'removing a file': (_, owner) => owner.removeFile(NAMED_FILE),
  'removing a member': (_, owner, guest) => owner.remove(guest.memberId),
  leaving: (_, __, guest) => guest.leave(),
  destroying: (_, owner) => owner.destroy(),
  'a request that is refused before it is looked up': (api) => api.ask('GET', '/api/room?roomId=x'),
};

/** The cost of each with rate limits off. With them on, it is one command more where an address is counted. */
const COSTS: Record<string, { off: number; on: number }> = {
  ...Object.fromEntries(Object.keys(ACTS).map((name) => [name, { off: 1, on: 1 }])),
  'making a room': { off: 1, on: 2 },
  'looking at a room that is not there': { off: 1, on: 2 },
  joining: { off: 1, on: 2 },
  destroying: { off: 1, on: 2 },
  'joining again': { off: 1, on: 2 },
  'joining a sealed room': { off: 1, on: 2 },
  // The lease of the maker’s address moves with it.
  'moving the end of a room': { off: 1, on: 2 },
  'moving a seat': { off: 1, on: 2 },
  'a request that is refused before it is looked up': { off: 0, on: 0 },
};

async function costsOf(rateLimits: boolean, current: TestStorage): Promise<Record<string, unknown>> {
  const app = await startApp(current.storage, { rateLimits });
  const api = roomsApi(app);
  const costs: Record<string, unknown> = {};
  // The first round teaches Redis the scripts; only after that is an EVALSHA all that a script takes.
  for (const round of ['first', 'second']) {
    // One address alone may not make all these rooms.
    const makers = roomsApi(app, { address: round === 'first' ? '192.0.2.3' : '192.0.2.4' });
    const neighbour = roomsApi(app, { address: round === 'first' ? '192.0.2.5' : '192.0.2.6' });
    for (const [name, act] of Object.entries(ACTS)) {
      const owner = await makers.open();
      const guest = await makers.join(owner.roomId);
      for (let index = 0; index < 5; index += 1)
        await owner.send({ id: index === 0 ? 'the-same-id' : `message-${index}` });
      await owner.beginFile({ id: NAMED_FILE, bytes: PIECE.length, pieces: 1 });
      const sealed = await neighbour.open(sealedRoom());
      current.recorded.length = 0;
      const requests = current.bridge?.requests.length ?? 0;
      await act(api, owner, guest, sealed);
      const recorded = [...current.recorded];
      const { bridge } = current;
      costs[name] = {
        commands: recorded.length,
        roundTrips: roundTripsOf(recorded),
        scripts: recorded.every(({ name: command }) => command === 'EVALSHA'),
      };
      if (bridge && round === 'second')
        expect(bridge.requests.length - requests, `requests for ${name}`).toBe(recorded.length);
      // Both rounds leave behind more living rooms than one address may have.
      for (const seat of [owner, guest, sealed]) await seat.destroy();
    }
  }
  await app.close();
  return costs;
}

describeOnEveryStorage('the cost of an action', (current) => {
  it.each(['off', 'on'] as const)(
    'is one command in one round trip, and one more where limits that are %s count an address',
    { timeout: 90_000 },
    async (limits) => {
      const costs = await costsOf(limits === 'on', current());
      const expected = Object.entries(COSTS).map(([name, cost]) => [
        name,
        { commands: cost[limits], roundTrips: cost[limits], scripts: true },
      ]);
      expect(costs).toEqual(Object.fromEntries(expected));
    },
  );

  it('is one command more for what the front page counts and lists, where there are public rooms', async () => {
    const app = await startApp(current().storage, { publicRooms: true });
    const api = roomsApi(app);
    const costs: Record<string, number> = {};
    // The first round teaches Redis the scripts, and the process the secret of the day.
    for (let round = 0; round < 2; round += 1) {
      const cost = async (name: string, act: () => Promise<unknown>) => {
        current().recorded.length = 0;
        const done = await act();
        costs[name] = current().recorded.length;
        return done;
      };
      await cost('making a room', () => api.open());
      await cost('making a listed one', () => api.open({ listed: true, topic: 'Rainy evenings' }));
      const [owner, other] = [await api.open(), await api.open()];
      await cost('listing', () => owner.steer({ listed: true, topic: 'Rainy evenings' }));
      await cost('locking', () => owner.steer({ locked: true }));
      await cost('unlocking', () => owner.steer({ locked: false }));
      await cost('joining', () => api.join(owner.roomId));
      await cost('sending', () => owner.send());
      await cost('reporting', () => api.ask('POST', `/api/reports?roomId=${owner.roomId}`, { token: owner.token }));
      await cost('unlisting', () => owner.steer({ listed: false }));
      await cost('destroying', () => owner.destroy());
      await cost('destroying another', () => other.destroy());
    }
    expect(costs).toEqual({
      'making a room': 2,
      'making a listed one': 2,
      listing: 3,
      locking: 1,
      unlocking: 1,
      joining: 1,
      sending: 1,
      reporting: 3,
      unlisting: 2,
      destroying: 2,
      'destroying another': 2,
    });
    await app.close();
  });

  it('is one command more, once, for a script that Redis has forgotten', async () => {
    const app = await startApp(current().storage);
    const owner = await roomsApi(app).open();
    await owner.send();
    await current().command('SCRIPT', 'FLUSH');
    current().recorded.length = 0;
    for (let index = 0; index < 3; index += 1) expect((await owner.send()).status).toBe(201);
    expect(current().recorded.map(({ name }) => name)).toEqual(['EVALSHA', 'EVAL', 'EVALSHA', 'EVALSHA']);
    await app.close();
  });

  it('is one command for each page of a long history, whatever lies between its messages', async () => {
    const app = await startApp(current().storage);
    const owner = await roomsApi(app).open();
    for (let index = 0; index < 30; index += 1) {
      await owner.send();
      await owner.rename(`Name ${index}`);
    }
    await owner.history();
    current().recorded.length = 0;
    await owner.history('limit=20');
    expect(current().recorded).toHaveLength(1);
    await app.close();
  });
});

/** Each returns one value, or as many as its words ask for: none becomes more work in a larger room. */
const SINGLE = new Set(['evalsha', 'time', 'hget', 'hmget', 'hlen', 'hset', 'zcount', 'pexpireat']);

it('the cost of looking at a room where a thousand are here is that of one with two: single reads, and nothing is sorted', async () => {
  const server = await startRedisServer();
  onTestFinished(() => server.stop());
  const opened = await openStorage({ kind: 'redis', url: server.url });
  onTestFinished(() => opened.close());
  const recording = recordRequests(opened.requester);
  const storage = storageOver('redis', { requester: recording, close: opened.close });
  const app = await startApp(storage, { rateLimits: true });
  onTestFinished(() => app.close());
  const api = roomsApi(app);

  /** What one look makes Redis call, the script's own calls counted. */
  const callsOfLookingAmong = async (count: number): Promise<Map<string, number>> => {
    const owner = await api.open({ maxMembers: count });
    const guests = Array.from({ length: count - 1 }, () => newMemberId());
    const seats = guests.flatMap((memberId, index) => [memberId, `${index + 2}:1:hash-${index}:${index + 2}:"Name"`]);
    await server.command('HSET', `room:{${owner.roomId}}:members`, ...seats);
    await reportPresence(storage.redis, {
      roomId: owner.roomId,
      processId: 'process',
      leaseMs: 60_000,
      gapMs: 0,
      knownTurn: 0,
      here: [owner.memberId, ...guests],
      away: [],
    });
    await owner.look();
    await server.command('CONFIG', 'RESETSTAT');
    expect((await owner.look()).body).toMatchObject({ members: count, here: count });
    const stats = String(await server.command('INFO', 'commandstats'));
    const calls = [...stats.matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)];
    return new Map(calls.map(([, name = '', times]) => [name, Number(times)]));
  };
  const total = (calls: Map<string, number>) => [...calls.values()].reduce((sum, times) => sum + times, 0);

  const few = await callsOfLookingAmong(2);
  // The first look of all had to send the script.
  const [script = ''] = recording.recorded.findLast(({ name }) => name === 'EVAL')?.args ?? [];
  const many = await callsOfLookingAmong(1_000);
  expect(many.get('evalsha')).toBe(1);
  expect([...many.keys()].filter((name) => !SINGLE.has(name))).toEqual([]);
  expect(total(many)).toBeLessThanOrEqual(total(few));
  expect(script).toContain('ZCOUNT');
  expect(script).not.toMatch(/sort/i);
});
