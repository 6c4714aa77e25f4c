import { afterAll, describe, expect, it } from 'vitest';
import {
  KNOCK_AGAIN_AFTER_MS,
  KNOCK_ASKING_GAP_MS,
  KNOCK_STALE_MS,
  KNOCKS_MAX,
  KNOCKS_PER_ADDRESS,
} from '@/domain/limits';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { knock, knockIdOf, knocksOf, seatIn, whoWaits } from '@tests/support/doors';
import { aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { expectEveryKeyToEnd } from '@tests/support/room-keys';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi } from '@tests/support/rooms';
import { joinSealed, newcomer, proofOf, rekey, rekeyTo, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const NAME = { name: 'Quiet Otter' };
const KNOCK = { entry: 'knock' };

describeOnEveryStorage('a room whose owner lets people in', (current) => {
  let app: TestApp | undefined;
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage, { timings: { heartbeat: 60_000, gather: 50 } });
    const { url } = app;
    const { context } = app;
    const at = (last: number) => roomsApi({ context }, { address: `192.0.2.${last}` });
    const api = at(1);
    return { api, at, url, owner: await api.open({ ...KNOCK, ...settings }) };
  };
  afterAll(() => app?.close());

  it('lets somebody wait at the door, seats them when they are let in, and shows nobody but its owner who they are', async () => {
    const { api, url, owner } = await begin();
    const streams = [await listenTo(url, owner)];
    const guest = await knock(api, owner.roomId, NAME);
    expect((await guest.ask()).status).toBe(202);
    expect((await guest.ask()).body).toEqual({ knockId: guest.knockId });
    expect((await owner.look()).body).toMatchObject({ members: 1 });
    expect(knocksOf(await owner.knocks())).toEqual([{ knockId: guest.knockId, ...NAME, at: aNumber }]);
    await eventually(() => expect(streams[0]?.data('member.knocked')).toEqual([{ knockId: guest.knockId, ...NAME }]));
    expect((await owner.answerKnock(guest.knockId, true)).status).toBe(204);
    const seated = await guest.ask();
    expect(seated).toMatchObject({ status: 201, body: { owner: false, members: 2, token: guest.token } });
    expect(await guest.ask()).toMatchObject({ status: 200, body: { memberId: seatIn(seated).memberId } });
    expect((await owner.answerKnock(guest.knockId, true)).status).toBe(204);
    expectProblem(await owner.answerKnock(guest.knockId, false), 'not_found');
    expect(knocksOf(await owner.knocks())).toEqual([]);
    const other = await listenTo(url, { ...owner, token: guest.token });
    const next = await knock(api, owner.roomId, { name: 'Loud Fox' });
    await eventually(() => expect(streams[0]?.data('member.knocked')).toHaveLength(2));
    expect([other.data('member.knocked'), await whoWaits(owner)]).toEqual([[], [next.knockId]]);
    await expectEveryKeyToEnd(current());
  });

  it('seats a guest of a sealed room under the id and the card that the owner was shown', async () => {
    const { api, owner, url } = await begin(sealedRoom());
    const stream = await listenTo(url, owner);
    const who = newcomer();
    expectProblem(
      await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: { ...who, proof: proofOf(0, 'wrong') } }),
      'wrong_key',
    );
    expectProblem(
      await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: { ...who, ...NAME } }),
      'invalid_request',
      ['name'],
    );
    const guest = await knock(api, owner.roomId, who);
    const shown = { knockId: guest.knockId, memberId: who.memberId, card: who.card };
    await eventually(() => expect(stream.data('member.knocked')).toEqual([shown]));
    expect(knocksOf(await owner.knocks())).toEqual([{ ...shown, at: aNumber }]);
    await owner.answerKnock(guest.knockId, true);
    const another = newcomer();
    const seated = await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, {
      token: guest.token,
      json: { ...another, credentials: 'bearer' },
    });
    expect(seated).toMatchObject({ status: 201, body: { memberId: who.memberId } });
    await eventually(() =>
      expect(stream.data('member.joined')).toEqual([{ memberId: who.memberId, joinedAt: aNumber, card: who.card }]),
    );
  });

  it('needs a name of a guest where it is plain, and of nobody where it is open', async () => {
    const { api, owner } = await begin();
    const join = (json: object) => api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json });
    expectProblem(await join({}), 'invalid_request', ['name']);
    expectProblem(await join({ name: '  ' }), 'invalid_request', ['name']);
    expect((await owner.steer({ entry: 'open' })).status).toBe(200);
    expect((await join(NAME)).status).toBe(201);
    expect((await join({})).status).toBe(201);
  });

  it('hands the credential of a knock out as the room’s cookie, and the seat keeps it', async () => {
    const { api, owner } = await begin();
    const path = `/api/room/join?roomId=${owner.roomId}`;
    const knocked = await api.ask('POST', path, { json: NAME });
    const [cookie = ''] = knocked.headers.getSetCookie();
    expect(cookie).toMatch(new RegExp(`^mayfly_${owner.roomId}=[\\w-]{43}; Max-Age=\\d+; Path=/api; HttpOnly`));
    const headers = { cookie: cookie.split(';', 1)[0] ?? '' };
    expect(knocked.body).toEqual({ knockId: knockIdOf(knocked) });
    const again = await api.ask('POST', path, { json: NAME, headers });
    expect([again.status, again.headers.getSetCookie()]).toEqual([202, []]);
    await owner.answerKnock(knockIdOf(knocked), true);
    const seated = await api.ask('POST', path, { json: NAME, headers });
    expect([seated.status, seated.headers.getSetCookie()[0]?.split(';', 1)[0]]).toEqual([201, headers.cookie]);
    expect(seated.body).not.toHaveProperty('token');
    expect((await api.ask('GET', `/api/members?roomId=${owner.roomId}`, { headers })).status).toBe(200);
  });

  it('lists those who wait in the order in which they came, to whoever owns it', async () => {
    const { api, owner } = await begin();
    const guests = [];
    for (const name of ['one', 'two', 'three']) guests.push(await knock(api, owner.roomId, { name }));
    const [first, second, third] = guests.map(({ knockId }) => knockId);
    expect(await whoWaits(owner)).toEqual([first, second, third]);
    await owner.answerKnock(second ?? '', true);
    const heir = seatIn((await guests[1]?.ask()) ?? { status: 0, headers: new Headers(), body: null });
    await owner.leave();
    const listed = await api.ask('GET', `/api/knocks?roomId=${owner.roomId}`, { token: heir.token });
    expect(knocksOf(listed).map(({ knockId }) => knockId)).toEqual([first, third]);
    const admitted = await api.ask('POST', `/api/knocks?roomId=${owner.roomId}&knockId=${first ?? ''}`, {
      token: heir.token,
      json: { admit: true },
    });
    expect([admitted.status, (await guests[0]?.ask())?.status]).toEqual([204, 201]);
  });

  it('lets its lock win, and in a full one those who were let in sit down once a seat is free', async () => {
    const { api, owner } = await begin({ maxMembers: 2 });
    const [one, other] = [await knock(api, owner.roomId, NAME), await knock(api, owner.roomId, NAME)];
    for (const { knockId } of [one, other]) await owner.answerKnock(knockId, true);
    await owner.lock(true);
    expectProblem(await one.ask(), 'room_locked');
    await owner.lock(false);
    const seated = seatIn(await one.ask());
    expectProblem(await other.ask(), 'room_full');
    await owner.remove(seated.memberId);
    expect((await other.ask()).status).toBe(201);
  });

  it('lets everybody at its door in once it is open to all', async () => {
    const { api, owner } = await begin();
    const [waiting, refused] = [await knock(api, owner.roomId, NAME), await knock(api, owner.roomId, NAME)];
    await owner.answerKnock(refused.knockId, false);
    expectProblem(await refused.ask(), 'refused');
    await owner.steer({ entry: 'open' });
    for (const guest of [waiting, refused]) {
      expect(await guest.ask()).toMatchObject({ status: 201, body: { token: guest.token } });
    }
  });

  it('ends all knocks with a rekey: the proof fits no more, and who was let in is not', async () => {
    const { api, owner } = await begin(sealedRoom());
    const guests = [await knock(api, owner.roomId, newcomer()), await knock(api, owner.roomId, newcomer())];
    await owner.answerKnock(guests[0]?.knockId ?? '', true);
    expect((await rekey(api, owner, rekeyTo(1, [owner]))).status).toBe(200);
    expect(await whoWaits(owner)).toEqual([]);
    for (const guest of guests) expectProblem(await guest.ask(), 'wrong_key');
    expect((await knock(api, owner.roomId, newcomer(1))).knockId).not.toBe('');
  });

  it(`holds ${KNOCKS_MAX} of fifty-five who knock at once, and each is let in once`, async () => {
    const { api, owner } = await begin({ maxMembers: 100 });
    const path = `/api/room/join?roomId=${owner.roomId}`;
    const answers = await Promise.all(
      Array.from({ length: KNOCKS_MAX + 5 }, (_, index) =>
        api.ask('POST', path, { json: { name: `guest ${index}`, credentials: 'bearer' } }),
      ),
    );
    const waiting = answers.filter(({ status }) => status === 202);
    expect(waiting).toHaveLength(KNOCKS_MAX);
    for (const refused of answers.filter(({ status }) => status !== 202)) expectProblem(refused, 'room_full');
    const listed = await whoWaits(owner);
    expect(new Set(listed)).toEqual(new Set(waiting.map(knockIdOf)));
    await Promise.all(listed.map((knockId) => owner.answerKnock(knockId, true)));
    const tokens = waiting.map(({ body }) => (body as { token: string }).token);
    const seated = await Promise.all(tokens.map((token) => api.ask('POST', path, { token, json: NAME })));
    expect(seated.map(({ status }) => status)).toEqual(waiting.map(() => 201));
    expect(new Set(seated.map((answer) => (answer.body as { memberId: string }).memberId)).size).toBe(KNOCKS_MAX);
    expect((await owner.look()).body).toMatchObject({ members: KNOCKS_MAX + 1 });
  });

  it('has room for somebody from another address, whoever fills it from a few', async () => {
    const { at, owner } = await begin();
    const crowd = [];
    for (let index = 0; index < KNOCKS_MAX; index += 1)
      crowd.push(await knock(at(101 + (index % 3)), owner.roomId, NAME));
    const honest = [await knock(at(1), owner.roomId, NAME), await knock(at(2), owner.roomId, NAME)];
    const waiting = await whoWaits(owner);
    expect(waiting).toHaveLength(KNOCKS_MAX);
    expect(waiting.slice(-2)).toEqual(honest.map(({ knockId }) => knockId));
    // Those who came first stay, of each address.
    expect(waiting.slice(0, 45)).toEqual(crowd.slice(0, 45).map(({ knockId }) => knockId));
    for (const last of [101, 102, 103]) {
      const answer = await at(last).ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: NAME });
      expectProblem(answer, 'room_full');
    }
    expect((await honest[0]?.ask())?.status).toBe(202);
    await expectEveryKeyToEnd(current());
  });

  it('obeys its owner alone', async () => {
    const { api, owner } = await begin();
    const guest = await knock(api, owner.roomId, NAME);
    await owner.answerKnock(guest.knockId, true);
    await guest.ask();
    const waits = await knock(api, owner.roomId, NAME);
    const path = `/api/knocks?roomId=${owner.roomId}`;
    const answer = `${path}&knockId=${waits.knockId}`;
    expectProblem(await api.ask('GET', path, { token: guest.token }), 'not_the_owner');
    expectProblem(await api.ask('POST', answer, { token: guest.token, json: { admit: true } }), 'not_the_owner');
    // A knock is no seat.
    for (const token of [waits.token, undefined]) {
      expectProblem(await api.ask('GET', path, { token }), 'not_a_member');
      expectProblem(await api.ask('GET', `/api/messages?roomId=${owner.roomId}`, { token }), 'not_a_member');
    }
    expectProblem(await owner.answerKnock('K'.repeat(16), true), 'not_found');
    expectProblem(await owner.answerKnock('short', true), 'invalid_request', ['knockId']);
    expect((await owner.answerKnock(waits.knockId, false)).status).toBe(204);
    expect((await owner.answerKnock(waits.knockId, false)).status).toBe(204);
  });
});

describe('on a clock that the test turns', () => {
  async function begin(options: { rateLimits?: boolean } = {}) {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, options);
    const owner = await roomsApi(app).open({ ...KNOCK, lifetimeSeconds: 3_600 });
    return { app, api: roomsApi(app), clock, owner };
  }

  it('a refused guest may ask again after a minute, thrice, and not at all after that', async () => {
    const { app, api, clock, owner } = await begin();
    const guest = await knock(api, owner.roomId, NAME);
    let { knockId } = guest;
    for (const time of [1, 2, 3]) {
      expect((await owner.answerKnock(knockId, false)).status).toBe(204);
      expectProblem(await guest.ask(), 'refused');
      clock.ms += KNOCK_AGAIN_AFTER_MS - 1;
      expectProblem(await guest.ask(), 'refused');
      clock.ms += 1;
      if (time === 3) break;
      const again = await guest.ask();
      expect([again.status, knockIdOf(again) === knockId]).toEqual([202, false]);
      knockId = knockIdOf(again);
      expect(knocksOf(await owner.knocks())).toHaveLength(1);
    }
    expectProblem(await guest.ask(), 'refused');
    clock.ms += 600_000;
    expectProblem(await guest.ask(), 'refused');
    await app.close();
  });

  it('who stopped asking for two minutes is at the door no more, until they ask again', async () => {
    const { app, api, clock, owner } = await begin();
    const stream = await listenTo(app.url, owner);
    const guest = await knock(api, owner.roomId, NAME);
    clock.ms += KNOCK_STALE_MS;
    expect(await whoWaits(owner)).toEqual([]);
    expect((await guest.ask()).status).toBe(202);
    expect(await whoWaits(owner)).toEqual([guest.knockId]);
    await eventually(() => expect(stream.data('member.knocked')).toHaveLength(2));
    await app.close();
  });

  it('their place goes to others meanwhile', async () => {
    const { app, api, clock, owner } = await begin();
    const guest = await knock(api, owner.roomId, NAME);
    for (let others = 1; others < KNOCKS_MAX; others += 1) await knock(api, owner.roomId, NAME);
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: NAME }), 'room_full');
    clock.ms += KNOCK_STALE_MS;
    for (let others = 0; others < KNOCKS_MAX; others += 1) await knock(api, owner.roomId, NAME);
    expectProblem(await guest.ask(), 'room_full');
    await app.close();
  });

  it('asking again within two seconds is too soon, at this process and at another', async () => {
    const { app, api, clock, owner } = await begin({ rateLimits: true });
    const another = await startApp(app.context.storage, { rateLimits: true });
    const guest = await knock(api, owner.roomId, NAME);
    expectProblem(await guest.ask(), 'rate_limited');
    const elsewhere = () =>
      roomsApi(another).ask('POST', `/api/room/join?roomId=${owner.roomId}`, { token: guest.token, json: NAME });
    expectProblem(await elsewhere(), 'rate_limited');
    clock.ms += KNOCK_ASKING_GAP_MS;
    expect((await elsewhere()).status).toBe(202);
    for (const one of [app, another]) await one.close();
  });

  it('an address knocks twenty times in ten minutes; who asks again has knocked once, and joined once', async () => {
    const { app, api, owner } = await begin({ rateLimits: true });
    for (let knocks = 0; knocks < KNOCKS_PER_ADDRESS.max; knocks += 1) await knock(api, owner.roomId, NAME);
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: NAME }), 'rate_limited');
    const elsewhere = roomsApi(app, { address: '192.0.2.2' });
    expect((await knock(elsewhere, owner.roomId, NAME)).knockId).not.toBe('');
    await app.close();
  });

  it('who waits at one door comes to another like anybody else', async () => {
    const { app, api, owner } = await begin({ rateLimits: true });
    const guest = await knock(api, owner.roomId, NAME);
    const elsewhere = await api.open();
    const path = `/api/room/join?roomId=${elsewhere.roomId}`;
    expect((await api.ask('POST', path, { token: guest.token, json: NAME })).status).toBe(201);
    const [joins = ''] = await app.context.storage.redis.keys('limit:*:joins');
    expect(await app.context.storage.redis.llen(joins)).toBe(2);
    expectProblem(await guest.ask(), 'rate_limited');
    await app.close();
  });

  it('asking for ten minutes is no 300 joins of the address', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { rateLimits: false });
    const limited = await startApp(storage, { rateLimits: true });
    const owner = await roomsApi(app).open(KNOCK);
    const sealed = await roomsApi(app).open(sealedRoom(KNOCK));
    await joinSealed(roomsApi(limited), (await roomsApi(app).open(sealedRoom())).roomId);
    const guests = [
      await knock(roomsApi(limited), owner.roomId, NAME),
      await knock(roomsApi(limited), sealed.roomId, newcomer()),
    ];
    const pause = () => new Promise((resolve) => setTimeout(resolve, KNOCK_ASKING_GAP_MS + 50));
    await pause();
    clock.ms += KNOCK_ASKING_GAP_MS;
    for (const guest of guests) expect((await guest.ask()).status).toBe(202);
    const joins = await storage.redis.keys('limit:*:joins');
    const counted = await Promise.all(joins.map((key) => storage.redis.llen(key)));
    // Three newcomers, and nobody who asked again.
    expect(counted).toEqual([3]);
    for (const one of [app, limited]) await one.close();
  });
});
