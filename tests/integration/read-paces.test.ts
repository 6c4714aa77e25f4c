import { afterAll, describe, expect, it } from 'vitest';
import { READS_PER_MEMBER } from '@/domain/limits';
import { newMemberId } from '@/server/auth/tokens';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { type Answer, roomsApi, type Seat } from '@tests/support/rooms';
import { cardOf, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

/** Each with the status that it has; taking back is paced like a reading. */
const READINGS: [string, (seat: Seat) => Promise<Answer>, number][] = [
  ['history', (seat) => seat.history(), 200],
  ['members', (seat) => seat.members(), 200],
  ['the room', (seat) => seat.look(), 200],
  ['epochs', (seat) => seat.epochs(), 200],
  ['signals', (seat) => seat.signal({ typing: true }), 204],
  ['what is taken back', (seat) => seat.takeBack('message-1'), 204],
];

describeOnEveryStorage('reads', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = true) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return roomsApi(app);
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it.each(READINGS)('of %s: 150 at once pass, a loop does not, and nobody else is slowed', async (_, read, status) => {
    const api = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    await guest.send({ id: 'message-1' });
    const first = await Promise.all(Array.from({ length: READS_PER_MEMBER.burst }, () => read(guest)));
    expect(new Set(first.map((answer) => answer.status))).toEqual(new Set([status]));
    const more = await Promise.all(Array.from({ length: 300 }, () => read(guest)));
    const refused = more.filter((answer) => answer.status === 429);
    // The rest took some time, during which five a second became free.
    expect(refused.length).toBeGreaterThan(200);
    for (const answer of refused) {
      expectProblem(answer, 'rate_limited');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect((await read(owner)).status).toBe(status);
    for (const [other, another, itsStatus] of READINGS)
      if (another !== read) expect((await another(guest)).status, other).toBe(itsStatus);
    expect((await guest.send()).status).toBe(201);
  });

  it('have no pace where limits are off', async () => {
    const api = await begin(false);
    const owner = await api.open();
    const answers = await Promise.all(Array.from({ length: 400 }, () => owner.look()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('a loop of reads', () => {
  it('gets five a second, and costs Redis next to nothing beyond that', async () => {
    const { storage, clock, recorded } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const owner = await roomsApi(app).open();
    for (let index = 0; index < READS_PER_MEMBER.burst; index += 1) await owner.history();
    clock.ms += 10 * READS_PER_MEMBER.intervalMs;
    const answers = await Promise.all(Array.from({ length: 10 }, () => owner.history()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expectProblem(await owner.history(), 'rate_limited');
    recorded.length = 0;
    const refused = await Promise.all(Array.from({ length: 100 }, () => owner.history()));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(recorded).toEqual([]);
    await app.close();
  });

  it('of a list of members counts as more than one where the cards in it are longer than a page of history', async () => {
    const { storage } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom({ maxMembers: 1_000 }));
    const guests = Array.from({ length: 400 }, (_, index): [string, string] => {
      const memberId = newMemberId();
      return [memberId, `${index + 2}:1:hash:${index + 2}:"${cardOf(0, memberId)}"`];
    });
    await storage.redis.hset(`room:{${owner.roomId}}:members`, Object.fromEntries(guests));
    // 580 kB: its own reading, and one for each 256 kB.
    for (let index = 0; index < READS_PER_MEMBER.burst / 3; index += 1)
      expect((await owner.members()).status).toBe(200);
    expectProblem(await owner.members(), 'rate_limited');
    expect((await owner.history()).status).toBe(200);
    await app.close();
  });
});
