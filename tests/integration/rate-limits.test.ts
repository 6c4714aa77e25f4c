import { createHash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import {
  CHANGES_PER_MEMBER,
  GUESSES_PER_ADDRESS,
  JOINS_PER_ADDRESS,
  LIVING_ROOMS_PER_ADDRESS,
  MESSAGES_KEPT_PER_SEAT_MAX,
  MESSAGES_PER_MEMBER,
  MESSAGES_PER_ROOM,
  ROOM_SEATS_GIVEN_MAX,
  ROOMS_PER_ADDRESS,
} from '@/domain/limits';
import { roomIdSchema } from '@/domain/room';
import { newToken } from '@/server/auth/tokens';
import { type Storage, storageOver } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { type Answer, roomsApi, UNKNOWN_ROOM } from '@tests/support/rooms';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

const HERE = '192.0.2.1';
const times = <Result>(count: number, make: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
/** A different one each time, because a room that an address has already asked for is not counted again. */
const unknownRoom = (index: number) => roomIdSchema.parse(String(index).padStart(22, 'Q'));
const retryAfterOf = ({ headers }: Answer) => Number(headers.get('retry-after'));

/** The same storage, as another process would reach it that has not asked for the key of the hashes yet. */
const sameStorageElsewhere = ({ kind, requester, close }: Storage): Storage => storageOver(kind, { requester, close });

/** Checks that exactly `max` stayed under the limit, and that the rest were given a time to try again. */
function expectLimited(answers: readonly Answer[], max: number, windowMs: number, otherwise: number): void {
  const refused = answers.filter(({ status }) => status === 429);
  for (const answer of refused) {
    expectProblem(answer, 'rate_limited');
    expect(retryAfterOf(answer)).toBeLessThanOrEqual(windowMs / 1_000);
  }
  expect(answers.filter(({ status }) => status === otherwise)).toHaveLength(max);
  expect(refused).toHaveLength(answers.length - max);
}

describeOnEveryStorage('limits', (current) => {
  const apps: TestApp[] = [];
  /** An app of the test's own, because a process remembers the addresses that it refuses. */
  const begin = async (trustedProxies = 0) => {
    const app = await startApp(sameStorageElsewhere(current().storage), { rateLimits: true, trustedProxies });
    apps.push(app);
    return {
      app,
      api: roomsApi(app, { trustedProxies }),
      at: (address: string) => roomsApi(app, { trustedProxies, address }),
    };
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('let at most 100 of 300 rooms through that one address requests at once, and do not affect others', async () => {
    const { api, at } = await begin();
    expect(LIVING_ROOMS_PER_ADDRESS).toBeLessThanOrEqual(100);
    const answers = await times(300, () => api.ask('POST', '/api/room', { json: {} }));
    expectLimited(answers, LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS.windowMs, 201);
    expect((await keysOf(current())).filter(({ key }) => /^room:\{\w+\}$/.test(key))).toHaveLength(
      LIVING_ROOMS_PER_ADDRESS,
    );
    expect((await at('192.0.2.2').ask('POST', '/api/room')).status).toBe(201);
  });

  it('let at most 200 of 300 guesses through, then reveal nothing about any room, and do not affect others', async () => {
    const { api, at } = await begin();
    expect(GUESSES_PER_ADDRESS.max).toBeLessThanOrEqual(200);
    const owner = await api.open();
    const answers = await times(300, (index) => api.ask('GET', `/api/room?roomId=${unknownRoom(index)}`));
    expectLimited(answers, GUESSES_PER_ADDRESS.max, GUESSES_PER_ADDRESS.windowMs, 404);
    current().recorded.length = 0;
    const look = (roomId: string, token?: string) => api.ask('GET', `/api/room?roomId=${roomId}`, { token });
    const afterwards = [await look(owner.roomId), await look(UNKNOWN_ROOM)];
    for (const answer of afterwards) expectProblem(answer, 'rate_limited');
    expect(afterwards[0]?.body).toEqual(afterwards[1]?.body);
    expect(current().recorded).toEqual([]);
    expect((await at('192.0.2.2').ask('GET', `/api/room?roomId=${owner.roomId}`)).status).toBe(200);
    // A wrong credential reveals no more than a missing one.
    const pretending = newToken();
    for (const endpoint of ENDPOINTS.filter(({ inRoom }) => inRoom)) {
      for (const roomId of [owner.roomId, UNKNOWN_ROOM]) {
        const path = pathOf(endpoint, roomId, owner.memberId);
        const answer = await api.ask(endpoint.method, path, { json: endpoint.json, token: pretending });
        expectProblem(answer, 'rate_limited');
        expect(answer.body).toEqual(afterwards[0]?.body);
      }
    }
  });

  it('silence no member for a neighbour’s guesses', async () => {
    const { api } = await begin();
    const owner = await api.open();
    await times(GUESSES_PER_ADDRESS.max + 1, (index) => api.ask('GET', `/api/room?roomId=${unknownRoom(index)}`));
    expectProblem(await api.ask('GET', `/api/room?roomId=${owner.roomId}`), 'rate_limited');
    expect((await owner.look()).body).toMatchObject({ you: { memberId: owner.memberId } });
    expect((await owner.send()).status).toBe(201);
    expect((await owner.history()).status).toBe(200);
    expect((await owner.destroy()).status).toBe(204);
  });

  it('count guesses of every kind together', async () => {
    const { api } = await begin();
    const inRoom = ENDPOINTS.filter(({ inRoom }) => inRoom);
    const answers = await times(150, (index) => {
      const endpoint = inRoom[index % inRoom.length];
      if (endpoint === undefined) throw new Error('There are no endpoints');
      return api.ask(endpoint.method, pathOf(endpoint, unknownRoom(index), 'Z'.repeat(16)), { json: endpoint.json });
    });
    expectLimited(answers, GUESSES_PER_ADDRESS.max, GUESSES_PER_ADDRESS.windowMs, 404);
  });

  it('count a dead link once for an address, however often and in whatever way it is requested', async () => {
    const { api, at } = await begin();
    const owner = await api.open();
    const inRoom = ENDPOINTS.filter(({ inRoom }) => inRoom);
    const insist = (from: typeof api) =>
      times(GUESSES_PER_ADDRESS.max + 30, (index) => {
        const endpoint = inRoom[index % inRoom.length];
        if (endpoint === undefined) throw new Error('There are no endpoints');
        return from.ask(endpoint.method, pathOf(endpoint, UNKNOWN_ROOM, 'Z'.repeat(16)), { json: endpoint.json });
      });
    for (const answer of await insist(api)) expectProblem(answer, 'room_not_found');
    expect((await api.ask('GET', `/api/room?roomId=${owner.roomId}`)).status).toBe(200);
    // Others are counted separately, and other rooms count.
    const guess = (from: typeof api) =>
      times(GUESSES_PER_ADDRESS.max, (index) => from.ask('GET', `/api/room?roomId=${unknownRoom(index)}`));
    expectLimited(await guess(api), GUESSES_PER_ADDRESS.max - 1, GUESSES_PER_ADDRESS.windowMs, 404);
    const neighbour = at('192.0.2.2');
    for (const answer of await insist(neighbour)) expectProblem(answer, 'room_not_found');
    expectLimited(await guess(neighbour), GUESSES_PER_ADDRESS.max - 1, GUESSES_PER_ADDRESS.windowMs, 404);
  });

  it('let a class join from one address, but not a crowd', async () => {
    const { api } = await begin();
    const owner = await api.open({ maxMembers: 1_000 });
    const answers = await times(200, () => api.ask('POST', `/api/room/join?roomId=${owner.roomId}`));
    expectLimited(answers, JOINS_PER_ADDRESS.max, JOINS_PER_ADDRESS.windowMs, 201);
  });

  it('let at most 200 of 300 messages through that one member sends at once, and from all members together no more than the room’s rate and the part kept for each seat', async () => {
    const { api } = await begin();
    expect(MESSAGES_PER_MEMBER.max).toBeLessThanOrEqual(200);
    const owner = await api.open();
    expectLimited(await times(300, () => owner.send()), MESSAGES_PER_MEMBER.max, MESSAGES_PER_MEMBER.windowMs, 201);
    const others = await times(7, () => api.join(owner.roomId));
    const sent = await Promise.all(
      others.flatMap((other) => Array.from({ length: MESSAGES_PER_MEMBER.max }, () => other.send())),
    );
    const accepted = sent.filter(({ status }) => status === 201).length;
    expectLimited(sent, accepted, MESSAGES_PER_ROOM.windowMs, 201);
    expect(accepted).toBeGreaterThanOrEqual(MESSAGES_PER_ROOM.max - MESSAGES_PER_MEMBER.max);
    expect(accepted).toBeLessThanOrEqual(
      MESSAGES_PER_ROOM.max - MESSAGES_PER_MEMBER.max + others.length * MESSAGES_KEPT_PER_SEAT_MAX,
    );
    const elsewhere = await api.open();
    expect((await elsewhere.send()).status).toBe(201);
  });

  it('always let five in a row through', async () => {
    const { api } = await begin();
    for (let index = 0; index < 5; index += 1) {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      for (let count = 0; count < 5; count += 1) {
        for (const seat of [owner, guest]) expect((await seat.send()).status).toBe(201);
        expect((await guest.rename(`Name ${count}`)).status).toBe(200);
        expect((await owner.lock(count % 2 === 0)).status).toBe(200);
      }
    }
  });

  it('hold a member’s changes, and cost nothing to a member who changes nothing', async () => {
    const { api } = await begin();
    const owner = await api.open();
    await owner.rename('Same');
    for (const { status } of await times(100, () => owner.rename('Same'))) expect(status).toBe(200);
    const answers = await times(100, (index) => owner.rename(`Name ${index}`));
    expectLimited(answers, CHANGES_PER_MEMBER.max - 1, CHANGES_PER_MEMBER.windowMs, 200);
  });

  it('hold for 1,000 requests at once', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const answers = await times(1_000, async (index): Promise<[string, Answer]> => {
      if (index % 4 === 0) return ['room', await api.ask('POST', '/api/room', { json: {} })];
      if (index % 4 === 1) return ['guess', await api.ask('GET', `/api/room?roomId=${unknownRoom(index)}`)];
      return ['message', await owner.send()];
    });
    const count = (kind: string, status: number) =>
      answers.filter(([of, answer]) => of === kind && answer.status === status).length;
    // One more was the owner's own room.
    expect(count('room', 201)).toBe(LIVING_ROOMS_PER_ADDRESS - 1);
    expect(count('room', 201) + count('room', 429)).toBe(250);
    expect(count('guess', 404)).toBe(GUESSES_PER_ADDRESS.max);
    expect(count('guess', 404) + count('guess', 429)).toBe(250);
    expect(count('message', 201)).toBeLessThanOrEqual(MESSAGES_PER_MEMBER.max);
    expect(count('message', 201) + count('message', 429)).toBe(500);
  });

  it('refuse a repeated message as rarely as they refused it the first time', async () => {
    const { api } = await begin();
    const owner = await api.open();
    await owner.send({ id: 'the-same-id' });
    await times(40, () => owner.send());
    expectProblem(await owner.send(), 'rate_limited');
    expect((await owner.send({ id: 'the-same-id' })).status).toBe(200);
  });

  it('believe X-Forwarded-For only from trusted proxies, and only the value that the proxies themselves added', async () => {
    const ask = async (trustedProxies: number, forwarded: (index: number) => string) => {
      await current().flush();
      const { api } = await begin(trustedProxies);
      const answers = await times(100, (index) =>
        api.ask('POST', '/api/room', { headers: { 'x-forwarded-for': forwarded(index) } }),
      );
      return answers.filter(({ status }) => status === 201).length;
    };
    const max = LIVING_ROOMS_PER_ADDRESS;
    expect(await ask(0, (index) => `203.0.113.${index}`)).toBe(max);
    expect(await ask(1, (index) => `203.0.113.${index}`)).toBe(100);
    expect(await ask(1, (index) => `203.0.113.${index}, 198.51.100.7`)).toBe(max);
    expect(await ask(2, (index) => `8.8.8.8, 203.0.113.${index}, 198.51.100.7`)).toBe(100);
    expect(await ask(2, (index) => `203.0.113.${index}, 198.51.100.7, 198.51.100.8`)).toBe(max);
    expect(await ask(1, (index) => `203.0.113.9:${index + 1_024}`)).toBe(max);
  });

  it('treat a whole /64 of IPv6 as one address, and IPv4 in IPv6 as IPv4', async () => {
    const { at } = await begin();
    const open = async (addresses: string[]) => {
      const answers = [];
      for (const address of addresses) answers.push(await at(address).ask('POST', '/api/room'));
      return answers.map(({ status }) => status);
    };
    const max = LIVING_ROOMS_PER_ADDRESS;
    const oneNetwork = Array.from({ length: max }, (_, index) => `2001:db8:0:7:${index.toString(16)}:0:0:1`);
    expect(new Set(await open(oneNetwork))).toEqual(new Set([201]));
    expect(
      await open(['2001:db8:0:7::1', '2001:0DB8:0000:0007:ffff::', '[2001:db8::7:0:0:0:1]:443', '2001:db8:0:8::1']),
    ).toEqual([429, 429, 429, 201]);
    await times(max, () => at('198.51.100.9').ask('POST', '/api/room'));
    expect(await open(['::ffff:198.51.100.9', '::FFFF:198.51.100.10'])).toEqual([429, 201]);
  });

  it('keep an address only as a keyed hash, whose key lives for a day', async () => {
    const { at } = await begin();
    const addresses = [HERE, '2001:db8:0:7::1'];
    for (const address of addresses) {
      const owner = await at(address).open();
      await at(address).join(owner.roomId);
      await at(address).ask('GET', `/api/room?roomId=${UNKNOWN_ROOM}`);
      await owner.send();
    }
    const stored = await everythingOf(current());
    const hashes = ['sha256', 'sha1', 'md5'].flatMap((algorithm) =>
      [...addresses, '2001:db8:0:7::/64'].flatMap((address) => {
        const hash = createHash(algorithm).update(address).digest();
        return [hash.toString('hex'), hash.toString('base64url').slice(0, 20), hash.toString('base64').slice(0, 20)];
      }),
    );
    for (const trace of [...addresses, '2001:db8', '192.0.2', ...hashes]) expect(stored).not.toContain(trace);
    const limits = (await keysOf(current())).filter(({ ofRoom }) => !ofRoom).map(({ key }) => key);
    expect(limits.filter((key) => /^limit:\{[A-Za-z0-9_-]{22}\}:(rooms|living|joins|guesses)$/.test(key))).toHaveLength(
      8,
    );
    const left = Number(await current().command('PTTL', 'limit:secret'));
    expect(left).toBeGreaterThan(86_000_000);
    expect(left).toBeLessThanOrEqual(86_400_000);
  });

  it('are shared by all processes', async () => {
    const [one, other] = [await begin(), await begin()];
    const answers = await Promise.all(
      [one, other].flatMap(({ api }) => Array.from({ length: 50 }, () => api.ask('POST', '/api/room'))),
    );
    expectLimited(answers, LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS.windowMs, 201);
  });

  it('for the seats of a room hold too', async () => {
    const app = await startApp(current().storage);
    apps.push(app);
    const api = roomsApi(app);
    const owner = await api.open();
    await current().command('HSET', `room:{${owner.roomId}}`, 'seatsGiven', ROOM_SEATS_GIVEN_MAX - 1);
    await api.join(owner.roomId);
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`), 'room_full');
  });
});

/** Every key and every value as one text. */
async function everythingOf({ command }: TestStorage): Promise<string> {
  const DUMP = `
local readers = {string = {'GET'}, hash = {'HGETALL'}, list = {'LRANGE', 0, -1}, zset = {'ZRANGE', 0, -1}, stream = {'XRANGE', '-', '+'}}
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local reader = readers[kind]
  all[#all + 1] = {key, redis.call(reader[1], key, unpack(reader, 2))}
end
return all`;
  return JSON.stringify(await command('EVAL', DUMP, 0));
}
