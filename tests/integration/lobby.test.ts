import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';
import { LOBBY_READS_PER_ADDRESS } from '@/domain/limits';
import { type Lobby, lobbySchema } from '@/domain/lobby';
import { LobbyBoard } from '@/server/services/lobby-board';
import { enterLobby, reportPeople } from '@/server/storage/lobby';
import { type AppOptions, startApp, type TestApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { roundTripsOf } from '@tests/support/recording-requester';
import { listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi, type Seat, UNKNOWN_ROOM } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const LISTED = { listed: true, topic: 'Rainy evenings' };

/** A look at Redis as a visitor of another process would have it, with nothing kept from before. */
async function look({ context }: Pick<TestApp, 'context'>): Promise<Lobby> {
  const board = new LobbyBoard({ redis: context.storage.redis, processId: 'another', people: () => 0 });
  return lobbySchema.parse(await board.read());
}
const idsOf = ({ listed }: Lobby) => listed.map(({ roomId }) => roomId);
const change = (api: RoomsApi, { roomId, token }: Seat, json: Record<string, unknown>) =>
  api.ask('PATCH', `/api/room?roomId=${roomId}`, { token, json });

describeOnEveryStorage('the lobby', (current) => {
  const apps: TestApp[] = [];
  afterAll(async () => {
    for (const app of apps) await app.close();
  });
  const begin = async (options: AppOptions = {}) => {
    const app = await startApp(current().storage, { publicRooms: true, ...options });
    apps.push(app);
    return { app, api: roomsApi(app) };
  };
  const indexed = async () => z.array(z.string()).parse(await current().command('ZRANGE', 'lobby:{lobby}:made', 0, -1));

  it('shows public rooms with a free seat to anybody, newest first, and of them only what is to be seen', async () => {
    const { api } = await begin();
    expect(lobbySchema.parse((await api.ask('GET', '/api/lobby')).body).listed).toEqual([]);
    const { app } = await begin();
    const first = await api.open({ ...LISTED, language: 'pt-BR', maxMembers: 4 });
    await api.open();
    const second = await api.open({ listed: true, topic: 'Second' });
    await api.join(first.roomId);
    const answer = await roomsApi(app).ask('GET', '/api/lobby');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const { createdAt, expiresAt } = first;
    expect(answer.body).toEqual({
      now: expect.any(Number) as number,
      here: 0,
      rooms: 3,
      listed: [
        expect.objectContaining({ roomId: second.roomId, topic: 'Second', members: 1, maxMembers: 10 }) as object,
        {
          roomId: first.roomId,
          topic: LISTED.topic,
          language: 'pt-BR',
          members: 2,
          here: 0,
          maxMembers: 4,
          createdAt,
          expiresAt,
        },
      ],
    });
  });

  it('loses a room the moment it is locked, full or unlisted, and shows it again when it is not', async () => {
    const { api, app } = await begin();
    const owner = await api.open({ ...LISTED, maxMembers: 2 });
    const { roomId } = owner;
    // This process asks Redis once in two seconds, and still shows nothing that it took off itself.
    const own = async () => idsOf(lobbySchema.parse((await api.ask('GET', '/api/lobby')).body));
    expect(await own()).toEqual([roomId]);
    await change(api, owner, { locked: true });
    expect([await own(), idsOf(await look(app))]).toEqual([[], []]);
    await change(api, owner, { locked: false });
    expect(idsOf(await look(app))).toEqual([roomId]);
    const guest = await api.join(roomId);
    expect([await own(), idsOf(await look(app))]).toEqual([[], []]);
    await guest.leave();
    expect(idsOf(await look(app))).toEqual([roomId]);
    await change(api, owner, { listed: false });
    expect([idsOf(await look(app)), await indexed()]).toEqual([[], []]);
    await change(api, owner, { listed: true });
    expect(idsOf(await look(app))).toEqual([roomId]);
  });

  it('loses a room that fills up at once with fifty newcomers', async () => {
    const { api, app } = await begin();
    const owner = await api.open({ ...LISTED, maxMembers: 8 });
    const joining = Array.from({ length: 50 }, () => api.ask('POST', `/api/room/join?roomId=${owner.roomId}`));
    const answers = await Promise.all(joining);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(idsOf(await look(app))).toEqual([]);
  });

  it('forgets a room that is destroyed, from the index too, and counts it no more', async () => {
    const { api, app } = await begin();
    const [owner, other] = [await api.open(LISTED), await api.open()];
    expect(await look(app)).toMatchObject({ rooms: 2 });
    await owner.destroy();
    expect(await indexed()).toEqual([]);
    expect(await look(app)).toMatchObject({ rooms: 1, listed: [] });
    await other.destroy();
    expect(await look(app)).toMatchObject({ rooms: 0, listed: [] });
  });

  it('keeps nothing of a room that is ended, or unlisted, while its end moves', async () => {
    const { api } = await begin({ rateLimits: true });
    const first = await api.open();
    // So that Redis knows the script.
    expect((await first.extend(true)).status).toBe(200);
    await first.destroy();
    const meanwhile = async (act: (owner: Seat) => Promise<unknown>) => {
      const owner = await api.open(LISTED);
      let isDone = false;
      current().afterEveryCommand(async () => {
        if (isDone) return;
        isDone = true;
        await act(owner);
      });
      expect((await owner.extend(true)).status).toBe(200);
      current().afterEveryCommand(null);
      return owner;
    };
    await meanwhile((owner) => owner.destroy());
    expect(await current().command('KEYS', 'lobby:*')).toEqual([]);
    const unlisted = await meanwhile((owner) => owner.steer({ listed: false }));
    expect(await current().command('KEYS', 'lobby:*')).toEqual(['lobby:{lobby}:living']);
    expect((await unlisted.steer({ listed: true })).status).toBe(200);
    expect(await indexed()).toEqual([unlisted.roomId]);
  });

  it('keeps of rooms nothing but ids and times, and of unlisted ones not even that', async () => {
    const { api } = await begin({ rateLimits: true });
    const [listed, unlisted] = [await api.open(LISTED), await api.open()];
    await api.join(listed.roomId);
    const keys = z.array(z.string()).parse(await current().command('KEYS', 'lobby:*'));
    expect(keys.sort()).toEqual(['lobby:{lobby}:ends', 'lobby:{lobby}:living', 'lobby:{lobby}:made']);
    let all = '';
    for (const key of keys) all += JSON.stringify(await current().command('ZRANGE', key, 0, -1, 'WITHSCORES'));
    expect(all).not.toContain(unlisted.roomId);
    expect(all.replaceAll(listed.roomId, '')).toMatch(/^[\w\s",[\]]*$/);
    for (const key of keys) expect(Number(await current().command('PTTL', key))).toBeGreaterThan(590_000);
  });

  it('shows nothing of an id whose room is not there, not listed or not yet made', async () => {
    const { api, app } = await begin();
    const unlisted = await api.open({ topic: 'Not for the list' });
    for (const listedId of [UNKNOWN_ROOM, unlisted.roomId]) {
      await enterLobby(app.context.storage.redis, { listedId, lifetimeMs: 60_000 });
    }
    expect(await look(app)).toMatchObject({ listed: [] });
    expect(await indexed()).toHaveLength(2);
  });

  it('lists again, with the next request of its owner, a room that has lost its place in the index', async () => {
    const { api, app } = await begin();
    const owner = await api.open(LISTED);
    await current().command('DEL', 'lobby:{lobby}:made', 'lobby:{lobby}:ends');
    expect(idsOf(await look(app))).toEqual([]);
    expect((await change(api, owner, { listed: true })).status).toBe(200);
    expect(idsOf(await look(app))).toEqual([owner.roomId]);
  });

  it('counts people with a stream on all processes, a member with two tabs once', async () => {
    const [one, other] = [await begin(), await begin()];
    const owner = await one.api.open();
    const [guest, third] = [await one.api.join(owner.roomId), await one.api.join(owner.roomId)];
    const streams = [
      await listenTo(one.app.url, owner),
      await listenTo(one.app.url, owner),
      await listenTo(one.app.url, guest),
      await listenTo(other.app.url, third),
    ];
    const hereAtOne = async () => lobbySchema.parse((await one.api.ask('GET', '/api/lobby')).body).here;
    await eventually(async () => expect(await hereAtOne()).toBe(3));
    const stored = JSON.stringify(await current().command('HGETALL', 'lobby:{lobby}:people'));
    for (const { memberId } of [owner, guest, third]) expect(stored).not.toContain(memberId);
    expect(stored).not.toContain(owner.roomId);
    for (const stream of streams) stream.close();
    // A process knows of its own at once, and of the others for as long as their lease.
    await eventually(async () => expect(await hereAtOne()).toBe(1));
  });

  it('is off, and nothing is counted, where there are no public rooms', async () => {
    const { api, app } = await begin({ publicRooms: false });
    expectProblem(await api.ask('GET', '/api/lobby'), 'lobby_off');
    const owner = await api.open();
    const stream = await listenTo(app.url, owner);
    await owner.destroy();
    await eventually(() => expect(stream.ended).toBe(true));
    expect(await current().command('KEYS', 'lobby:*')).toEqual([]);
  });

  it('is read at a pace by each address', async () => {
    const { app } = await begin({ rateLimits: true });
    const [api, neighbour] = [roomsApi(app, { address: '192.0.2.7' }), roomsApi(app, { address: '192.0.2.8' })];
    const answers = await Promise.all(
      Array.from({ length: LOBBY_READS_PER_ADDRESS.burst + 200 }, () => api.ask('GET', '/api/lobby')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
    expect((await neighbour.ask('GET', '/api/lobby')).status).toBe(200);
  });
});

async function onClock() {
  const clocked = clockedStorage();
  const { storage, clock } = clocked;
  const app = await startApp(storage, { publicRooms: true });
  onTestFinished(() => app.close());
  const time = { ms: 0, now: () => time.ms };
  const board = new LobbyBoard({ redis: storage.redis, processId: 'process', people: () => 2, clock: time });
  return {
    ...clocked,
    app,
    api: roomsApi(app),
    board,
    pass: (ms: number) => {
      clock.ms += ms;
      time.ms += ms;
    },
  };
}

it('ten thousand readers in two seconds cost one pipeline', async () => {
  const { api, board, pass, recorded } = await onClock();
  for (let index = 0; index < 20; index += 1) await api.open(LISTED);
  await board.read();
  pass(2_000);
  recorded.length = 0;
  const answers: Promise<Lobby>[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    answers.push(board.read());
    if (index % 10 === 9) pass(2);
    if (index % 1_000 === 999) await Promise.all(answers);
    // The last of them come a moment before the two seconds are over.
    if (index === 9_989) break;
  }
  const read = await Promise.all(answers);
  expect(read.every(({ listed }) => listed.length === 20)).toBe(true);
  expect(roundTripsOf(recorded)).toBe(1);
  expect(recorded.every(({ via }) => via === 'pipeline')).toBe(true);
  pass(2_000);
  await board.read();
  expect(roundTripsOf(recorded)).toBe(2);
});

it('a slow or failing Redis is asked once at a time, and again after two seconds', async () => {
  const { board, pass, recorded, afterEveryCommand } = await onClock();
  let failing = true;
  afterEveryCommand(() => {
    if (failing) throw new Error('lost');
  });
  const answers = await Promise.allSettled([board.read(), board.read(), board.read()]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(board.read()).rejects.toThrow();
  expect(roundTripsOf(recorded)).toBe(1);
  failing = false;
  pass(2_000);
  expect(await board.read()).toMatchObject({ listed: [] });
});

it('nobody is shown a room longer than it lives, between two looks either, and its id goes with it', async () => {
  const { api, board, pass, command, clock } = await onClock();
  const owner = await api.open({ ...LISTED, lifetimeSeconds: 60 });
  const later = await api.open({ ...LISTED, lifetimeSeconds: 120 });
  pass(owner.expiresAt - clock.ms - 1_000);
  expect(idsOf(await board.read()).sort()).toEqual([owner.roomId, later.roomId].sort());
  pass(999);
  expect(await board.read()).toMatchObject({ now: owner.expiresAt - 1, rooms: 2 });
  pass(1);
  // The same look as before: the moment of the answer decides.
  expect(idsOf(await board.read())).toEqual([later.roomId]);
  pass(1_000);
  expect(await board.read()).toMatchObject({ rooms: 1 });
  expect(await command('ZRANGE', 'lobby:{lobby}:made', 0, -1)).toEqual([later.roomId]);
  pass(60_000);
  // The secret under which addresses are hashed names nothing of a room.
  expect(await command('KEYS', '*')).toEqual(['limit:secret']);
});

it('a room that nobody looked for before it ended leaves the index when the next one is entered', async () => {
  const { api, board, pass, command, clock } = await onClock();
  const owner = await api.open({ ...LISTED, lifetimeSeconds: 60 });
  const later = await api.open({ ...LISTED, lifetimeSeconds: 3_600 });
  pass(owner.expiresAt - clock.ms);
  const newest = await api.open(LISTED);
  expect(await command('ZRANGE', 'lobby:{lobby}:made', 0, -1)).toEqual([later.roomId, newest.roomId]);
  expect(idsOf(await board.read())).toEqual([newest.roomId, later.roomId]);
});

it('a room whose owner is away for two minutes leaves the list, and comes back with them', async () => {
  const { app, api, board, pass, command } = await onClock();
  const owner = await api.open(LISTED);
  pass(119_000);
  expect(idsOf(await board.read())).toEqual([owner.roomId]);
  pass(2_000);
  expect(idsOf(await board.read())).toEqual([]);
  expect(await command('ZRANGE', 'lobby:{lobby}:made', 0, -1)).toEqual([owner.roomId]);
  const stream = await listenTo(app.url, owner);
  pass(2_000);
  expect(idsOf(await board.read())).toEqual([owner.roomId]);
  stream.close();
});

it('a room without an owner is on no list', async () => {
  const { api, board, pass } = await onClock();
  const owner = await api.open(LISTED);
  await owner.leave();
  expect(idsOf(await board.read())).toEqual([]);
  await api.join(owner.roomId);
  pass(2_000);
  expect(idsOf(await board.read())).toEqual([owner.roomId]);
});

it('a process that died is out of the sum within a minute', async () => {
  const { board, pass, storage } = await onClock();
  await reportPeople(storage.redis, { processId: 'dead', people: 5, leaseMs: 30_000 });
  await reportPeople(storage.redis, { processId: 'process', people: 99, leaseMs: 30_000 });
  expect(await board.read()).toMatchObject({ here: 7 });
  pass(29_999);
  expect(await board.read()).toMatchObject({ here: 7 });
  pass(2_000);
  expect(await board.read()).toMatchObject({ here: 2 });
});

it('a process reports three times a minute while anybody listens, and never while nobody does', async () => {
  const { PeopleReports } = await import('@/server/realtime/people-reports');
  const { storage, recorded } = clockedStorage();
  // The first time the script is sent as well, and how long that takes is nothing that the turned clock can wait for.
  await reportPeople(storage.redis, { processId: 'another', people: 1, leaseMs: 30_000 });
  recorded.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  let people = 0;
  const reports = new PeopleReports({ redis: storage.redis, processId: 'process' }, () => people);
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  await pass(60_000);
  expect(recorded).toEqual([]);
  people = 3;
  for (let index = 0; index < 50; index += 1) reports.arrived();
  await pass(59_999);
  expect(recorded).toHaveLength(3);
  people = 0;
  await pass(120_000);
  expect(recorded).toHaveLength(3);
  people = 1;
  reports.arrived();
  await pass(0);
  expect(recorded).toHaveLength(4);
  reports.stop();
  await pass(120_000);
  expect(recorded).toHaveLength(4);
});
