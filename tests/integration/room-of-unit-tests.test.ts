import { describe, expect, it, onTestFinished } from 'vitest';
import { createRoomApi, type RoomApi } from '@/client/api';
import { createKnockApi } from '@/client/knock-api';
import { whisper } from '@/client/whisper';
import type { Answer } from '@/domain/failure';
import { knockIdSchema } from '@/domain/knock';
import { memberIdSchema, type MemberId, type RoomId } from '@/domain/room';
import { readEnv } from '@/server/env';
import { openStorage } from '@/server/storage/client';
import { startApp } from '@tests/support/app';
import { knock, whoWaits } from '@tests/support/doors';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';

/** Sessions and pages are tested in front of a room in memory. Whatever it answers and publishes, the server is to answer and publish, too. */
interface House {
  readonly roomId: RoomId;
  /** That of one member, who owns the room at first. */
  readonly api: RoomApi;
  readonly me: MemberId;
  readonly other: MemberId;
  readonly expiresAt: number;
  /** The other one, who is here, proposes ten minutes more, agrees, or declines. */
  readonly otherAnswers: (agree: boolean) => Promise<unknown>;
  readonly otherKnocks: (name: string) => Promise<string>;
  readonly otherLeaves: () => Promise<unknown>;
  /** The data of the events of this name that the member has heard. */
  readonly heard: (event: string) => readonly unknown[];
}

const NOBODY = memberIdSchema.parse('Nobody0000000000');

function fakeHouse(): Promise<House> {
  const room = new FakeRoom();
  room.join(OTHER);
  const events: { event: string; data: unknown }[] = [];
  const ignore = () => undefined;
  room
    .openStream(ROOM_ID, {
      onEvent: (event) => events.push(event),
      onState: ignore,
      onAfresh: ignore,
      onRefused: ignore,
      onFarewell: ignore,
    })
    .follow(`${Date.now()}-9`);
  return Promise.resolve({
    roomId: ROOM_ID,
    api: room.api,
    me: ME,
    other: OTHER,
    expiresAt: room.expiresAt,
    otherAnswers: (agree) => room.answerExtension(OTHER, agree),
    otherKnocks: (name) => Promise.resolve(room.door.knock({ name })),
    otherLeaves: () => {
      room.leave(OTHER);
      return Promise.resolve();
    },
    heard: (name) => events.flatMap(({ event, data }) => (event === name ? [data] : [])),
  });
}

/** A server of the test's own, on the embedded storage. */
async function serve() {
  const storage = await openStorage(readEnv({}).storage);
  const app = await startApp(storage);
  onTestFinished(async () => {
    await app.close();
    await storage.close();
  });
  return { app, rooms: roomsApi(app) };
}

async function servedHouse(): Promise<House> {
  const { app, rooms } = await serve();
  const owner = await rooms.open();
  const { roomId, token } = owner;
  const guest = await rooms.join(roomId);
  const stream = await listenTo(app.url, owner);
  await listenTo(app.url, guest);
  const fetcher: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(input instanceof Request ? input.url : input, app.url), { ...init, headers });
  };
  return {
    roomId,
    api: createRoomApi({ origin: app.url, fetcher, isOnline: () => true }),
    me: owner.memberId,
    other: guest.memberId,
    expiresAt: owner.expiresAt,
    otherAnswers: (agree) => guest.extend(agree),
    otherKnocks: async (name) => (await knock(rooms, roomId, { name })).knockId,
    otherLeaves: () => guest.leave(),
    heard: (name) => stream.data(name),
  };
}

/** What a call came to, without what differs from room to room. */
const outcome = (answer: Answer<unknown>) => (answer.ok ? 'done' : answer.failure.reason);

describe.each([
  ['the room of the unit tests', fakeHouse],
  ['the server', servedHouse],
])('in %s', (_, open) => {
  const namesOf = ({ me, other }: House, data: unknown) =>
    JSON.parse(JSON.stringify(data).replaceAll(me, 'me').replaceAll(other, 'other')) as unknown;
  const expectChanges = (house: House, changes: readonly unknown[]) =>
    eventually(() => expect(house.heard('room.updated').map((data) => namesOf(house, data))).toEqual(changes));

  it('ten minutes more are proposed once, declined by anybody, and granted when all who are here agree', async () => {
    const house = await open();
    const { api, roomId, expiresAt, otherAnswers } = house;
    const answer = (agree: boolean, from = expiresAt) => api.extendRoom(roomId, agree, from);
    expect(outcome(await answer(false))).toBe('done');
    expect(outcome(await answer(true, expiresAt - 1))).toBe('cannot_extend');
    expect(outcome(await answer(false, expiresAt - 1))).toBe('cannot_extend');
    expect(outcome(await answer(true))).toBe('done');
    expect(outcome(await answer(true))).toBe('done');
    await otherAnswers(false);
    await otherAnswers(true);
    const granted = await answer(true);
    expect(granted.ok && [granted.value.expiresAt - expiresAt, granted.value.extension]).toEqual([600_000, undefined]);
    expect(outcome(await answer(true))).toBe('cannot_extend');
    const proposed = (by: string) => ({ extension: { by, agreed: [by], until: expect.any(Number) as unknown } });
    await expectChanges(house, [
      proposed('me'),
      { extension: null },
      proposed('other'),
      { expiresAt: expiresAt + 600_000, extension: null },
    ]);
  });

  it('a room never lasts longer than an hour', async () => {
    const { api, roomId, expiresAt, otherLeaves } = await open();
    await otherLeaves();
    for (let end = expiresAt; end < expiresAt + 3_000_000; end += 600_000) {
      const granted = await api.extendRoom(roomId, true, end);
      expect(granted.ok && granted.value.expiresAt).toBe(end + 600_000);
    }
    expect(outcome(await api.extendRoom(roomId, true, expiresAt + 3_000_000))).toBe('cannot_extend');
  });

  it('the owner gives the room to somebody seated, once, and cannot take it back while they are here', async () => {
    const house = await open();
    const { api, roomId, me, other } = house;
    const give = async (memberId: MemberId) => outcome(await api.giveRoom(roomId, memberId));
    expect(await give(NOBODY)).toBe('not_found');
    expect(await give(other)).toBe('done');
    expect(await give(other)).toBe('done');
    expect(await give(me)).toBe('not_the_owner');
    expect(outcome(await api.steerRoom(roomId, { slowModeSeconds: 10 }))).toBe('not_the_owner');
    expect(outcome(await api.lockRoom(roomId, true))).toBe('not_the_owner');
    await expectChanges(house, [{ ownerId: 'other' }]);
  });

  it('an owner who leaves is followed by somebody else, who is said to own the room', async () => {
    const house = await open();
    const { api, roomId, other } = house;
    expect(outcome(await api.giveRoom(roomId, other))).toBe('done');
    await house.otherLeaves();
    await expectChanges(house, [{ ownerId: 'other' }, { ownerId: 'me' }]);
  });

  it('those at the door are listed in order for the owner alone, and an answer that is repeated finds its own work done', async () => {
    const house = await open();
    const { api, roomId, other } = house;
    const calls = createKnockApi(api, roomId);
    expect(outcome(await api.steerRoom(roomId, { entry: 'knock' }))).toBe('done');
    const ids = [];
    for (const name of ['Ada', 'Bert']) ids.push(knockIdSchema.parse(await house.otherKnocks(name)));
    const [ada, bert] = ids;
    if (ada === undefined || bert === undefined) throw new Error('nobody is there');
    const listed = await calls.read();
    expect(listed.ok && listed.value.map(({ knockId, name }) => [knockId, name])).toEqual([
      [ada, 'Ada'],
      [bert, 'Bert'],
    ]);
    await eventually(() =>
      expect(house.heard('member.knocked')).toEqual([
        { knockId: ada, name: 'Ada' },
        { knockId: bert, name: 'Bert' },
      ]),
    );
    for (const again of ['done', 'done']) expect(outcome(await calls.answer(ada, true))).toBe(again);
    for (const again of ['done', 'done']) expect(outcome(await calls.answer(bert, false))).toBe(again);
    expect(await calls.read()).toEqual({ ok: true, value: [] });
    expect(outcome(await calls.answer(knockIdSchema.parse('Nobody0000000000'), true))).toBe('not_found');
    expect(outcome(await api.giveRoom(roomId, other))).toBe('done');
    expect(outcome(await calls.read())).toBe('not_the_owner');
    expect(outcome(await calls.answer(ada, true))).toBe('not_the_owner');
  });

  it('a whisper reaches somebody seated who is here, and nobody else', async () => {
    const { api, roomId, me, other, otherLeaves, heard } = await open();
    const say = async (to: MemberId) => outcome(await whisper(api, roomId, to, 'psst'));
    expect(await say(other)).toBe('done');
    expect(await say(NOBODY)).toBe('not_found');
    expect(await say(me)).toBe('done');
    await eventually(() => expect(heard('member.whispered')).toEqual([{ from: me, to: me, text: 'psst' }]));
    await otherLeaves();
    expect(await say(other)).toBe('not_found');
  });
});

/** The same, seen by somebody at the door. */
interface Doorstep {
  readonly roomId: RoomId;
  readonly api: RoomApi;
  readonly answer: (admit: boolean) => Promise<unknown>;
  readonly lock: (locked: boolean) => Promise<unknown>;
  /** Nobody else has a place. */
  readonly fill: () => Promise<unknown>;
}

function fakeDoorstep(): Promise<Doorstep> {
  const room = new FakeRoom();
  room.you = null;
  room.maxMembers = 2;
  room.steering = { entry: 'knock' };
  return Promise.resolve({
    roomId: ROOM_ID,
    api: room.api,
    answer: (admit) => {
      if (room.door.own !== null) room.door.own.state = admit ? 'admitted' : 'refused';
      return Promise.resolve();
    },
    lock: (locked) => Promise.resolve((room.locked = locked)),
    fill: () => {
      room.join(OTHER);
      return Promise.resolve();
    },
  });
}

async function servedDoorstep(): Promise<Doorstep> {
  const { app, rooms } = await serve();
  const owner = await rooms.open({ entry: 'knock', maxMembers: 2 });
  let cookie = '';
  const fetcher: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    const path = input instanceof Request ? input.url : input;
    const response = await fetch(new URL(path, app.url), { ...init, headers });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  };
  return {
    roomId: owner.roomId,
    api: createRoomApi({ origin: app.url, fetcher, isOnline: () => true }),
    answer: async (admit) => {
      const [first] = await whoWaits(owner);
      return owner.answerKnock(first ?? '', admit);
    },
    lock: (locked) => owner.lock(locked),
    fill: async () => {
      await owner.steer({ entry: 'open' });
      await rooms.join(owner.roomId);
      await owner.steer({ entry: 'knock' });
    },
  };
}

describe.each([
  ['the room of the unit tests', fakeDoorstep],
  ['the server', servedDoorstep],
])('at the door of %s', (_, open) => {
  async function begin() {
    const { roomId, api, ...doorstep } = await open();
    const ask = async () => {
      const answer = await api.joinRoom(roomId, { name: 'Ada' });
      if (!answer.ok) return answer.failure.reason;
      return 'knockId' in answer.value ? answer.value.knockId : answer.value.members;
    };
    return { ...doorstep, ask };
  }

  it('one asks again by the same call, sits down once let in, and has that seat when one asks once more', async () => {
    const { ask, answer } = await begin();
    const knockId = await ask();
    expect(knockId).toHaveLength(16);
    expect(await ask()).toBe(knockId);
    await answer(true);
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('a refusal is repeated each time', async () => {
    const { ask, answer } = await begin();
    await ask();
    await answer(false);
    expect([await ask(), await ask()]).toEqual(['refused', 'refused']);
  });

  it('a lock wins, and nobody who was let in is kept out for good by it', async () => {
    const { ask, answer, lock } = await begin();
    await ask();
    await answer(true);
    await lock(true);
    expect([await ask(), await ask()]).toEqual(['room_locked', 'room_locked']);
    await lock(false);
    expect(await ask()).toBe(2);
  });

  it('one may wait at a full room, and hears that it is full once let in', async () => {
    const { ask, answer, fill } = await begin();
    const knockId = await ask();
    await fill();
    expect(await ask()).toBe(knockId);
    await answer(true);
    expect(await ask()).toBe('room_full');
  });
});
