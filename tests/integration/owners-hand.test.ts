import { afterAll, expect, it } from 'vitest';
import { CHANGES_PER_MEMBER_MAX, ROOM_BYTES_MAX } from '@/domain/limits';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('the owner can always act', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits: boolean) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return roomsApi(app);
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /** How many names a member may still take when all but `left` are used up; the first name is free. */
  async function spendNames(member: Seat, left = 20): Promise<number> {
    let taken = (await member.rename('First')).status === 200 ? 1 : 0;
    const used = `room:{${member.roomId}}:used`;
    expect(await current().command('HGET', used, `changes:${member.memberId}`)).toBeNull();
    await current().command('HSET', used, `changes:${member.memberId}`, CHANGES_PER_MEMBER_MAX - left);
    for (let index = 0; index < left + 20; index += 1) {
      const answer = await member.rename(`Name ${index}`);
      if (answer.status === 200) taken += 1;
      else expectProblem(answer, 'message_limit_reached');
    }
    return taken;
  }

  it('when guests spend all their names: locking, removing and a newcomer’s name still work', async () => {
    const api = await begin(false);
    const owner = await api.open({ maxMembers: 11 });
    const guests = await Promise.all(Array.from({ length: 9 }, () => api.join(owner.roomId)));
    // The first name is free.
    for (const guest of guests) expect(await spendNames(guest)).toBe(21);
    const newcomer = await api.join(owner.roomId);
    expect((await newcomer.rename('Newcomer')).status).toBe(200);
    expect((await owner.rename('Owner')).status).toBe(200);
    expect((await owner.lock(true)).status).toBe(200);
    expect((await owner.remove(guests[0]?.memberId ?? '')).status).toBe(204);
    expect((await owner.lock(false)).status).toBe(200);
  });

  it('without a budget for locking: the lock turns as often as the owner likes, at a person’s pace', async () => {
    const api = await begin(false);
    const owner = await api.open();
    for (let index = 0; index < 150; index += 1) expect((await owner.lock(index % 2 === 0)).status).toBe(200);
    const limited = await begin(true);
    const hurried = await limited.open();
    const answers = [];
    for (let index = 0; index < 40; index += 1) answers.push(await hurried.lock(index % 2 === 0));
    // Past the pace every other turn is refused, and the turn between finds the lock as it wants it.
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(5);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
  });

  it('but has no more names than any member, and so cannot fill the storage', async () => {
    const api = await begin(false);
    const owner = await api.open();
    expect(await spendNames(owner, CHANGES_PER_MEMBER_MAX)).toBe(CHANGES_PER_MEMBER_MAX + 1);
    expect((await owner.rename(`Name ${CHANGES_PER_MEMBER_MAX - 1}`)).status).toBe(200);
    expect((await owner.lock(true)).status).toBe(200);
  });

  it('a budget belongs to a member: the next holder of the seat begins with a whole one', async () => {
    const api = await begin(false);
    const owner = await api.open({ maxMembers: 2 });
    const guest = await api.join(owner.roomId);
    await spendNames(guest);
    await guest.leave();
    expect(await spendNames(await api.join(owner.roomId))).toBe(21);
  });

  it('cards count in the seat’s bytes, so that nobody fills a room by changing theirs, and keep nobody out', async () => {
    const api = await begin(false);
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    const bytes = async () => Number(await current().command('HGET', `room:{${owner.roomId}}`, 'bytes'));
    for (const [index, seat] of [guest, guest, owner, owner].entries()) {
      expect((await seat.present(sealedOf(1_500 - index))).status).toBe(200);
      expect(await bytes()).toBeGreaterThan(2 * 1_400 + 1_490 * (index + 1));
    }
    await current().command('HSET', `room:{${owner.roomId}}:used`, 'bytes:2', 8 * 1_024 * 1_024);
    expectProblem(await guest.present(sealedOf(1_490)), 'message_limit_reached');
    await current().command('HSET', `room:{${owner.roomId}}`, 'bytes', ROOM_BYTES_MAX);
    const before = await bytes();
    await joinSealed(api, owner.roomId);
    expect(await bytes()).toBeGreaterThan(before + 1_400);
  });
});
