import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { type RoomId, roomSchema } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { knock } from '@tests/support/doors';
import { actOnFiles, newFileId } from '@tests/support/files';
import { keysOf, watchKeys } from '@tests/support/room-keys';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { listenTo } from '@tests/support/room-stream';
import { eventually } from '@tests/support/storage-expectations';
import {
  cardOf,
  joinSealed,
  newcomer,
  readEpochs,
  rekey,
  rekeyTo,
  sealedMessage,
  sealedRoom,
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

const LIVES = 200;
const seed = Date.now();

/** One step of a life: the action, and which of the people who ever sat in the room takes it. */
const step = fc.record({
  act: fc.constantFrom(
    'join',
    'join',
    'send',
    'send',
    'resend',
    'edit',
    'take back',
    'leave',
    'rename',
    'lock',
    'unlock',
    'remove',
    'look',
    'history',
    'files',
    'begin',
    'signal',
    'extend',
    'disagree',
    'knock',
    'answer',
    'hand over',
    'take over',
    'whisper',
    'list',
    'unlist',
    'report',
    'destroy',
    'wait',
  ),
  who: fc.nat(7),
  whom: fc.nat(7),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
const life = fc.record({
  // The shortest room ends while it is lived.
  lifetimeMs: fc.constantFrom(5, 20, 60, 1_000, 60_000),
  maxMembers: fc.integer({ min: 2, max: 5 }),
  steps: fc.array(step, { minLength: 1, maxLength: 20 }),
});

type Life = typeof life extends fc.Arbitrary<infer One> ? One : never;

const KNOCK = { name: 'Quiet Otter', credentials: 'bearer' };
const listedSchema = z.object({ knocks: z.array(z.object({ knockId: z.string() })) });

const of = (seats: readonly Seat[], index: number): Seat => {
  const seat = seats[index % seats.length];
  if (seat === undefined) throw new Error('Nobody sat there');
  return seat;
};

/** The owner has had no stream for ever. Setting it by itself would make a room again that has just ended. */
const AWAY = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'ownerUntil', '0') end`;

interface World {
  api: RoomsApi;
  /** The same API, from other addresses. */
  others: readonly RoomsApi[];
  command: TestStorage['command'];
  wait: (ms: number) => void;
}

const othersAt = (app: TestApp) => [7, 8, 9].map((last) => roomsApi(app, { address: `192.0.2.${last}` }));

async function live({ api, others, command, wait }: World, { lifetimeMs, maxMembers, steps }: Life): Promise<void> {
  const seats = [await api.openFor(lifetimeMs, maxMembers)];
  const ends = new Map<RoomId, number>();
  const noteEnd = ({ body }: Answer) => {
    const { data } = roomSchema.safeParse(body);
    if (data !== undefined) ends.set(data.roomId, data.expiresAt);
  };
  let guest: string | undefined;
  const acts: Record<Step['act'], (seat: Seat, other: Seat) => Promise<unknown>> = {
    join: async ({ roomId }) =>
      api.join(roomId).then(
        (seat) => seats.push(seat),
        () => undefined,
      ),
    send: (seat) => seat.send(),
    resend: (seat) => seat.send({ id: 'the-same-id' }),
    edit: (seat) => seat.send({ about: { kind: 'edit', id: 'the-same-id' } }),
    'take back': (seat) => seat.takeBack('the-same-id'),
    leave: (seat) => seat.leave(),
    rename: (seat, { memberId }) => seat.rename(memberId),
    lock: (seat) => seat.lock(true),
    unlock: (seat) => seat.lock(false),
    remove: (seat, { memberId }) => seat.remove(memberId),
    look: (seat) => seat.look(),
    history: (seat) => seat.history(),
    files: (seat) => actOnFiles(seat),
    begin: async (seat) => seat.beginFile({ id: newFileId(), bytes: 40, pieces: 1 }),
    signal: (seat) => seat.signal({ typing: true, seen: '9999999999999-0' }),
    extend: (seat) => seat.extend(true, ends.get(seat.roomId)).then(noteEnd),
    disagree: (seat) => seat.extend(false, ends.get(seat.roomId)),
    knock: async (seat) => {
      await seat.steer({ entry: 'knock' });
      const ask = () => api.ask('POST', `/api/room/join?roomId=${seat.roomId}`, { token: guest, json: KNOCK });
      const answer = await ask();
      guest = z.catch(z.object({ token: z.string() }), { token: guest ?? '' }).parse(answer.body).token;
      await ask();
    },
    answer: async (seat, { memberId }) => {
      const { data } = listedSchema.safeParse((await seat.knocks()).body);
      for (const { knockId } of data?.knocks ?? []) await seat.answerKnock(knockId, memberId < 'V');
      await seat.steer({ entry: memberId < 'f' ? 'open' : 'knock' });
    },
    'hand over': (seat, { memberId }) => seat.handOver(memberId),
    whisper: (seat, { memberId }) => seat.whisper(memberId, 'psst'),
    list: (seat) => seat.steer({ listed: true, topic: 'Rainy evenings', slowModeSeconds: 1 }),
    unlist: (seat) => seat.steer({ listed: false, slowModeSeconds: 0 }),
    // Three addresses take the room off the list.
    report: ({ roomId, token }, { memberId }) =>
      (others[memberId.charCodeAt(1) % others.length] ?? api).ask('POST', `/api/reports?roomId=${roomId}`, {
        token,
        json: { reason: 'Rude' },
      }),
    'take over': async (seat) => {
      await command('EVAL', AWAY, 1, roomKeys(seat.roomId).room);
      await seat.handOver(seat.memberId);
    },
    destroy: (seat) => seat.destroy(),
    wait: (_, { memberId }) => {
      wait(memberId.charCodeAt(0) / 4);
      return Promise.resolve();
    },
  };
  for (const { act, who, whom } of steps) await acts[act](of(seats, who), of(seats, whom));
}

describeOnEveryStorage('no key of a room outlives it', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage, { publicRooms: true });
    const { context } = app;
    const from = (address: string) => roomsApi({ context }, { address });
    return { api: roomsApi(app), from, url: app.url };
  };
  afterAll(() => app?.close());
  const keysOfRoom = async (roomId: RoomId) => (await keysOf(current())).filter(({ key }) => key.includes(roomId));

  it('after any single command of a whole life', async () => {
    const { api, from, url } = await begin();
    const watch = watchKeys(current());
    const owner = await api.open();
    const guests = [await api.join(owner.roomId), await api.join(owner.roomId), await api.join(owner.roomId)];
    const stream = await listenTo(url, owner);
    for (const seat of [owner, ...guests]) {
      await seat.send();
      const { memberId } = seat;
      await seat.send({ id: memberId });
      await seat.send({ id: memberId });
      await seat.send({ about: { kind: 'edit', id: memberId } });
      await seat.takeBack(memberId);
      await seat.takeBack(memberId);
      await seat.rename('Name');
      await seat.look();
      await seat.history();
      await seat.history('before=end');
      await seat.members();
      await seat.signal({ typing: true });
      await seat.signal({ seen: '9999999999999-0' });
      await actOnFiles(seat);
    }
    await owner.lock(true);
    await owner.lock(false);
    await owner.remove(guests[0]?.memberId ?? '');
    await guests[1]?.leave();
    await eventually(async () => expect((await owner.look()).body).toMatchObject({ here: 1 }));
    expect((await keysOfRoom(owner.roomId)).length).toBeGreaterThanOrEqual(6);
    await owner.steer({ listed: true, topic: 'Rainy evenings', slowModeSeconds: 1 });
    const stranger = await from('192.0.2.9').join(owner.roomId);
    await stranger.send();
    for (const { token } of [owner, stranger])
      await api.ask('POST', `/api/reports?roomId=${owner.roomId}`, { token, json: { reason: 'Rude' } });
    await owner.remove(stranger.memberId);
    const ofList = (await keysOfRoom(owner.roomId)).map(({ key }) => key);
    for (const name of ['addresses', 'reports']) expect(ofList).toContain(`room:{${owner.roomId}}:${name}`);
    await owner.steer({ listed: false });
    await owner.steer({ entry: 'knock' });
    const waiting = await knock(api, owner.roomId, KNOCK);
    for (const seat of [owner, owner]) await seat.extend(true);
    expect((await keysOfRoom(owner.roomId)).map(({ key }) => key)).toContain(`room:{${owner.roomId}}:knocks`);
    await owner.answerKnock(waiting.knockId, true);
    await waiting.ask();
    await api.ask('POST', `/api/room/leave?roomId=${owner.roomId}`, { token: waiting.token, json: {} });
    await owner.steer({ entry: 'open' });
    await owner.whisper(owner.memberId, 'psst');
    await owner.leave();
    await guests[2]?.leave();
    const heir = await api.join(owner.roomId);
    await heir.send();
    await heir.destroy();
    expect(watch.faults).toEqual([]);
    expect(watch.looks).toBeGreaterThan(30);
    expect(await keysOfRoom(owner.roomId)).toEqual([]);
    stream.close();
  });

  it('after any single command of a sealed room whose secret is replaced', async () => {
    const { api } = await begin();
    const watch = watchKeys(current());
    const owner = await api.open(sealedRoom());
    const [stays, removed] = [await joinSealed(api, owner.roomId), await joinSealed(api, owner.roomId)];
    await rekey(api, owner, rekeyTo(1, [owner]));
    const change = rekeyTo(1, [owner, stays], { remove: removed.memberId });
    for (const epoch of [1, 1, 2]) {
      expect((await rekey(api, owner, epoch === 1 ? change : rekeyTo(2, [owner, stays]))).status).toBe(200);
      await stays.send(sealedMessage(300, epoch));
      await stays.send(sealedMessage(300, 0));
      expect((await readEpochs(api, stays)).status).toBe(200);
    }
    expect((await keysOfRoom(owner.roomId)).map(({ key }) => key)).toContain(`room:{${owner.roomId}}:epochs`);
    await owner.destroy();
    expect(watch.faults).toEqual([]);
    expect(watch.looks).toBeGreaterThan(14);
    expect(await keysOfRoom(owner.roomId)).toEqual([]);
  });

  it('after any single command of a sealed room whose members move and leave', async () => {
    const { api } = await begin();
    const watch = watchKeys(current());
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    for (const seat of [guest, owner]) {
      await seat.send({ id: seat.memberId, ...sealedMessage() });
      await seat.present(cardOf(0, 'another'));
      expect((await seat.join(newcomer())).status).toBe(200);
    }
    await guest.send({ id: 'the-last-one', ...sealedMessage() });
    await guest.leave();
    for (const id of [guest.memberId, owner.memberId, 'the-last-one']) await owner.takeBack(id);
    const names = (await keysOfRoom(owner.roomId)).map(({ key }) => key);
    expect(names).toContain(`room:{${owner.roomId}}:former`);
    await owner.destroy();
    expect(watch.faults).toEqual([]);
    expect(watch.looks).toBeGreaterThan(12);
    expect(await keysOfRoom(owner.roomId)).toEqual([]);
  });

  it('after any single command of a life with rate limits, whose keys end by themselves', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const api = roomsApi(limited);
    const watch = watchKeys(current());
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    for (const seat of [owner, guest]) {
      await seat.send();
      await seat.rename('Name');
    }
    await api.ask('GET', `/api/room?roomId=${'Q'.repeat(22)}`);
    expect((await keysOfRoom(owner.roomId)).map(({ key }) => key)).toEqual(expect.arrayContaining([owner.roomId]));
    await guest.leave();
    await owner.destroy();
    expect(watch.faults).toEqual([]);
    expect(await keysOfRoom(owner.roomId)).toEqual([]);
    await limited.close();
  });

  it(`after any single command of ${LIVES} random lives (seed ${seed})`, { timeout: 90_000 }, async () => {
    const { api } = await begin();
    const others = othersAt(app ?? expect.fail('nothing has begun'));
    const watch = watchKeys(current());
    const nothing = () => undefined;
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        await live({ api, others, command: current().command, wait: nothing }, one);
        expect(watch.faults).toEqual([]);
        await current().command('FLUSHALL');
      }),
      { seed, numRuns: LIVES, endOnFailure: true },
    );
    expect(watch.looks).toBeGreaterThan(LIVES);
  });

  it('after a message that is posted while the room ends', async () => {
    const { api } = await begin();
    const watch = watchKeys(current());
    const rooms = await Promise.all([150, 200, 250, 300].map((lifetimeMs) => api.openFor(lifetimeMs)));
    await Promise.all(
      rooms.map(async (owner) => {
        let accepted = 0;
        for (;;) {
          const { status } = await owner.send();
          if (status === 404) break;
          expect(status).toBe(201);
          accepted += 1;
        }
        expect(accepted).toBeGreaterThan(0);
        // Redis counts the very millisecond of the expiry as part of a key's life.
        await vi.waitFor(async () => expect(await keysOfRoom(owner.roomId)).toEqual([]), {
          timeout: 1_000,
          interval: 1,
        });
      }),
    );
    expect(watch.faults).toEqual([]);
  });
});

describe('on a clock that the test turns', () => {
  it('a message in the last millisecond is accepted, no later one is, and nothing remains', async () => {
    const { storage, clock, command } = clockedStorage();
    const app = await startApp(storage);
    const owner = await roomsApi(app).open({ lifetimeSeconds: 60 });
    const guest = await roomsApi(app).join(owner.roomId);
    clock.ms = owner.expiresAt - 1;
    expect((await guest.send()).status).toBe(201);
    expect((await guest.rename('Late')).status).toBe(200);
    expect((await owner.look()).body).toMatchObject({ now: owner.expiresAt - 1 });
    expect((await roomsApi(app).join(owner.roomId)).expiresAt).toBe(owner.expiresAt);
    // Redis counts the very millisecond of the expiry as part of a key's life; the contract does not.
    clock.ms = owner.expiresAt;
    for (const answer of [
      await owner.look(),
      await guest.send(),
      await guest.join(),
      await owner.destroy(),
      await guest.leave(),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'room_not_found' } });
    }
    clock.ms += 1;
    expect(await command('KEYS', '*')).toEqual([]);
    expect(await command('DBSIZE')).toBe(0);
    await app.close();
  });

  it(
    `no command of ${LIVES} random lives leaves a key behind, whenever their rooms end (seed ${seed})`,
    { timeout: 90_000 },
    async () => {
      const clocked = clockedStorage();
      const { storage, clock, command } = clocked;
      const app = await startApp(storage, { publicRooms: true });
      const [api, others] = [roomsApi(app), othersAt(app)];
      const watch = watchKeys(clocked);
      await fc.assert(
        fc.asyncProperty(life, async (one) => {
          const begun = clock.ms;
          const wait = (ms: number) => {
            clock.ms += Math.floor(ms);
          };
          await live({ api, others, command, wait }, one);
          expect(watch.faults).toEqual([]);
          // An hour is the longest that a room lives, however often its end has moved.
          clock.ms = Math.max(clock.ms, begun + 3_600_000) + 1;
          // The secret under which addresses are hashed lives for a day.
          await command('DEL', 'limit:secret');
          expect(await command('KEYS', '*')).toEqual([]);
        }),
        { seed, numRuns: LIVES, endOnFailure: true },
      );
      await app.close();
    },
  );
});
