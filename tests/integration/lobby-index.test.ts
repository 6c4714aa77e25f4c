import { expect, it, onTestFinished } from 'vitest';
import { roomSchema } from '@/domain/room';
import { newRoomId } from '@/server/auth/tokens';
import { LobbyBoard } from '@/server/services/lobby-board';
import { enterLobby } from '@/server/storage/lobby';
import { type AppOptions, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { type Answer, roomsApi, type RoomsApi, type Seat } from '@tests/support/rooms';

const LISTED = { listed: true, topic: 'Rainy evenings' };

async function begin(options: AppOptions = {}) {
  const clocked = clockedStorage();
  const { storage, command, afterEveryCommand } = clocked;
  const app = await startApp(storage, { publicRooms: true, ...options });
  onTestFinished(() => app.close());
  return {
    ...clocked,
    at: (address: string) => roomsApi(app, { address }),
    /** A look as a visitor of another process would have it, with nothing kept from before. */
    look: () => new LobbyBoard({ redis: storage.redis, processId: 'another', people: () => 0 }).read(),
    indexed: () => command('ZRANGE', 'lobby:{lobby}:made', 0, -1),
    /** Does something once, between two commands: behind the next one that has `key`. */
    behind: (key: string, act: () => Promise<unknown>) => {
      afterEveryCommand(async (commands) => {
        if (!commands.some(({ args }) => args.includes(key))) return;
        afterEveryCommand(null);
        await act();
      });
    },
  };
}

/** The same owner, from another address. */
const steerFrom = (api: RoomsApi, { roomId, token }: Seat, json: Record<string, unknown>) =>
  api.ask('PATCH', `/api/room?roomId=${roomId}`, { token, json });
const roomOf = ({ body }: Answer) => roomSchema.parse(body);

it('an id leaves the index at its room’s end also where rooms are listed all the time and nobody looks', async () => {
  const { at, clock, indexed, command } = await begin();
  const api = at('192.0.2.1');
  await api.open({ ...LISTED, lifetimeSeconds: 60 });
  clock.ms += 60_000;
  const second = await api.open({ ...LISTED, lifetimeSeconds: 3_600 });
  expect(await indexed()).toEqual([second.roomId]);
  expect(await command('ZRANGE', 'lobby:{lobby}:ends', 0, -1)).toEqual([second.roomId]);
});

it('an id leaves the index within two seconds of its room’s end, also where a process died over making or ending it', async () => {
  const { at, clock, command, indexed, storage } = await begin();
  const api = at('192.0.2.1');
  const board = new LobbyBoard({
    redis: storage.redis,
    processId: 'another',
    people: () => 0,
    clock: { now: () => clock.ms },
  });
  const lifetimeSeconds = 60;
  const lasting = await api.open({ ...LISTED, lifetimeSeconds: 120 });
  const expiring = await api.open({ ...LISTED, lifetimeSeconds });
  // A process that died before the room was there.
  await enterLobby(storage.redis, { listedId: newRoomId(), lifetimeMs: lifetimeSeconds * 1_000 });
  // And one that died when the room was gone, with its id still in the index.
  const ended = await api.open({ ...LISTED, lifetimeSeconds });
  await command(
    'DEL',
    ended.roomId,
    `room:{${ended.roomId}}`,
    `room:{${ended.roomId}}:members`,
    `room:{${ended.roomId}}:tokens`,
  );
  expect(await indexed()).toHaveLength(4);
  const shown = async () => (await board.read()).listed.map(({ roomId }) => roomId).sort();
  for (const end = expiring.expiresAt; clock.ms < end; clock.ms += 500)
    expect(await shown()).toEqual([lasting.roomId, expiring.roomId].sort());
  expect(await shown()).toEqual([lasting.roomId]);
  clock.ms += 2_000;
  await board.read();
  expect(await indexed()).toEqual([lasting.roomId]);
});

it('rooms that have ended crowd out none that lives, however many there were', async () => {
  const { at, clock, look, storage } = await begin();
  const api = at('192.0.2.1');
  const lasting = await api.open({ ...LISTED, lifetimeSeconds: 3_600 });
  clock.ms += 1;
  for (let count = 0; count < 210; count += 1)
    await enterLobby(storage.redis, { listedId: newRoomId(), lifetimeMs: 60_000 });
  clock.ms += 60_000;
  const newest = await api.open({ ...LISTED, lifetimeSeconds: 60 });
  expect((await look()).listed.map(({ roomId }) => roomId)).toEqual([newest.roomId, lasting.roomId]);
});

it('a hundred rooms are shown, the newest ones', async () => {
  const { at, clock, look } = await begin();
  const made: string[] = [];
  for (let count = 0; count < 103; count += 1) {
    made.unshift((await at('192.0.2.1').open(LISTED)).roomId);
    clock.ms += 1;
  }
  expect((await look()).listed.map(({ roomId }) => roomId)).toEqual(made.slice(0, 100));
});

it('an owner who lists a room from two addresses at once has the lease of one of them', async () => {
  const { at, behind } = await begin({ rateLimits: true });
  const [one, other] = [at('192.0.2.1'), at('192.0.2.2')];
  const owner = await one.open();
  const statuses: number[] = [];
  // The index has been entered for the first request, and the room is not listed yet.
  behind('lobby:{lobby}:made', async () => {
    statuses.push((await steerFrom(other, owner, LISTED)).status);
  });
  statuses.push((await steerFrom(one, owner, LISTED)).status);
  expect(statuses).toEqual([200, 200]);
  expectProblem(await other.ask('POST', '/api/room', { json: LISTED }), 'rate_limited');
  expect((await one.open(LISTED)).roomId).not.toBe(owner.roomId);
});

it('a room that is unlisted while it is listed once more takes a lease again', async () => {
  const { at, behind, look } = await begin({ rateLimits: true });
  const api = at('192.0.2.1');
  const owner = await api.open(LISTED);
  behind('lobby:{lobby}:made', () => owner.steer({ listed: false }));
  expect((await owner.steer({ ...LISTED, topic: 'Another' })).body).toMatchObject({ listed: true, topic: 'Another' });
  expect((await look()).listed).toMatchObject([{ roomId: owner.roomId, topic: 'Another' }]);
  expectProblem(await api.ask('POST', '/api/room', { json: LISTED }), 'rate_limited');
});

it('a room whose end moves while it is being listed is listed, and counted for its address, until then', async () => {
  const { at, behind, clock, look } = await begin({ rateLimits: true });
  const api = at('192.0.2.1');
  const owner = await api.open();
  behind('lobby:{lobby}:made', () => owner.extend(true));
  const listed = roomOf(await owner.steer(LISTED));
  expect(listed.expiresAt).toBeGreaterThan(owner.expiresAt);
  clock.ms = owner.expiresAt + 1;
  // Somebody looks after it.
  await owner.handOver(owner.memberId);
  const heir = await api.join(owner.roomId);
  await owner.handOver(heir.memberId);
  expect((await look()).listed).toMatchObject([{ roomId: owner.roomId, expiresAt: listed.expiresAt }]);
  expectProblem(await api.ask('POST', '/api/room', { json: LISTED }), 'rate_limited');
});

it('an extension moves what a room has of others: its places in the lobby, its leases, and its reports', async () => {
  const { at, clock, command, look } = await begin({ rateLimits: true });
  const api = at('192.0.2.1');
  const owner = await api.open(LISTED);
  await api.ask('POST', `/api/reports?roomId=${owner.roomId}`, { token: owner.token });
  const { expiresAt } = roomOf(await owner.extend(true));
  for (const key of ['ends', 'living', 'reported']) {
    const [, endsAt] = (await command('ZRANGE', `lobby:{lobby}:${key}`, 0, -1, 'WITHSCORES')) as string[];
    expect([key, Number(endsAt)]).toEqual([key, expiresAt]);
  }
  clock.ms = owner.expiresAt + 1;
  expect((await look()).rooms).toBe(1);
  expectProblem(await api.ask('POST', '/api/room', { json: LISTED }), 'rate_limited');
  clock.ms = expiresAt;
  expect(await look()).toMatchObject({ rooms: 0, listed: [] });
  expect((await api.open(LISTED)).roomId).not.toBe(owner.roomId);
});

it('a room that reports took off the list is 403 for good, and its address may list another', async () => {
  const { at } = await begin({ rateLimits: true });
  const api = at('192.0.2.1');
  const owner = await api.open(LISTED);
  for (const last of [2, 3, 4]) {
    const { token } = await at(`192.0.2.${last}`).join(owner.roomId);
    await at(`192.0.2.${last}`).ask('POST', `/api/reports?roomId=${owner.roomId}`, { token });
  }
  expectProblem(await owner.steer(LISTED), 'lobby_off');
  await api.open(LISTED);
  // What this room may not wins over what its address may not any more.
  expectProblem(await owner.steer(LISTED), 'lobby_off');
});
