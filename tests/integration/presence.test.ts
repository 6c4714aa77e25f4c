import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type AppOptions, type TestApp, startApp } from '@tests/support/app';
import { type EventStream, listen, soon } from '@tests/support/event-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const AWAY_MS = 300;
const GATHER_MS = 100;
/** A second of theirs is a tenth of one or less, but for the lease: a busy machine must not lose it. */
const TIMINGS = { away: AWAY_MS, gather: GATHER_MS, linger: 100, heartbeat: 250, heartbeatRetry: 50, lease: 3_000, publication: 50 };

describeOnEveryStorage('who is here', (current) => {
  let app: TestApp;
  let api: RoomsApi;
  beforeAll(async () => {
    app = await startApp(current().storage, { timings: TIMINGS });
    api = roomsApi(app);
  });
  afterAll(() => app.close());

  async function anotherProcess(options: AppOptions = { timings: TIMINGS }): Promise<TestApp> {
    const another = await startApp(current().storage, options);
    onTestFinished(() => another.close());
    return another;
  }

  const countOf = async (seat: Seat) => ((await seat.look()).body as { here: number }).here;
  const membersHere = async (seat: Seat) => {
    const { members } = (await seat.members()).body as { members: { memberId: string; here: boolean }[] };
    return members.filter(({ here }) => here).map(({ memberId }) => memberId);
  };
  const toldTo = (stream: EventStream) => stream.of('presence.changed').map(({ data }) => (data as { here: string[] }).here);
  const hear = (stream: EventStream, ...seats: Seat[]) =>
    soon(() => expect(toldTo(stream).at(-1)).toEqual(seats.map(({ memberId }) => memberId).sort()));

  it('is nobody until a member listens, whatever else they do', async () => {
    const owner = await api.open();
    await owner.send();
    await owner.history();
    expect(await countOf(owner)).toBe(0);
    expect(await membersHere(owner)).toEqual([]);
  });

  it('counts members and not their tabs', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const tabs = [await listen(app.url, owner), await listen(app.url, owner), await listen(app.url, owner)];
    const [first] = tabs;
    expect(await countOf(owner)).toBe(1);
    expect(await membersHere(owner)).toEqual([owner.memberId]);
    await listen(app.url, guest);
    expect(await countOf(owner)).toBe(2);
    for (const tab of tabs) await hear(tab, owner, guest);
    tabs[1]?.close();
    tabs[2]?.close();
    await owner.send({ text: 'later' });
    if (first) await hear(first, owner, guest);
    expect(await countOf(owner)).toBe(2);
  });

  it('is told to those who listen, also to who comes first and to who comes last', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const first = await listen(app.url, owner);
    await hear(first, owner);
    const second = await listen(app.url, guest);
    await hear(first, owner, guest);
    await hear(second, owner, guest);
    const third = await listen(app.url, guest);
    await hear(third, owner, guest);
  });

  it('is the same for people on different processes', async () => {
    const another = await anotherProcess();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const here = await listen(app.url, owner);
    const there = await listen(another.url, guest);
    await hear(here, owner, guest);
    await hear(there, owner, guest);
    const both = await listen(another.url, owner);
    here.close();
    await hear(both, owner, guest);
    there.close();
    await hear(both, owner);
    expect(await membersHere(owner)).toEqual([owner.memberId]);
  });

  it('keeps who drops for the time of grace, and has never missed who comes back within it', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    let stream = await listen(app.url, guest);
    await hear(watching, owner, guest);
    const before = toldTo(watching).length;
    for (let drop = 0; drop < 4; drop += 1) {
      const begun = performance.now();
      stream.close();
      await soon(() => expect(performance.now() - begun).toBeGreaterThan(AWAY_MS / 2));
      stream = await listen(app.url, guest);
    }
    expect(toldTo(watching)).toHaveLength(before);
    const begun = performance.now();
    stream.close();
    await hear(watching, owner);
    expect(performance.now() - begun).toBeGreaterThan(AWAY_MS - 50);
    expect(await countOf(owner)).toBe(1);
    await listen(app.url, guest);
    expect(await countOf(owner)).toBe(2);
    await hear(watching, owner, guest);
  });

  it('is at most one event in each time of gathering, and the last one is true', async () => {
    const owner = await api.open({ maxMembers: 40 });
    const watching = await listen(app.url, owner);
    const begun = performance.now();
    const guests: Seat[] = [];
    for (let count = 0; count < 30; count += 1) {
      const guest = await api.join(owner.roomId);
      guests.push(guest);
      await listen(app.url, guest);
    }
    await hear(watching, owner, ...guests);
    const elapsed = performance.now() - begun;
    expect(toldTo(watching).length).toBeLessThanOrEqual(Math.ceil(elapsed / GATHER_MS) + 1);
    expect(await countOf(owner)).toBe(31);
  });

  it('forgets who leaves at once, and the room whose last listener has gone', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    await listen(app.url, guest);
    await guest.leave();
    expect(await countOf(owner)).toBe(1);
    await hear(watching, owner);
    watching.close();
    await soon(async () => expect(await countOf(owner)).toBe(0));
    await soon(async () => expect(await current().command('PUBLISH', owner.roomId, 'counting')).toBe(0));
  });

  it('forgets a process that died when its lease is over, and tells those that are left', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    // As a process leaves it that told of a member and was killed.
    const { expiresAt } = owner;
    const here = `room:{${owner.roomId}}:here`;
    await hear(watching, owner);
    await current().command('ZADD', here, Date.now() + 600, `${guest.memberId}|a-process-that-died`);
    await current().command('PEXPIREAT', here, expiresAt);
    expect(await countOf(owner)).toBe(2);
    await hear(watching, owner, guest);
    await hear(watching, owner);
    expect(await countOf(owner)).toBe(1);
  });

  it('keeps the people of a process that stops for the time of grace, in which they come back elsewhere', async () => {
    const stopping = await startApp(current().storage, { timings: { ...TIMINGS, lease: 60_000 } });
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    const stream = await listen(stopping.url, guest);
    await hear(watching, owner, guest);
    const before = toldTo(watching).length;
    await stopping.close();
    await soon(() => expect(stream.ended).toBe(true));
    const back = await listen(app.url, guest, { lastAck: stream.cursor });
    const begun = performance.now();
    await soon(() => expect(performance.now() - begun).toBeGreaterThan(AWAY_MS + TIMINGS.heartbeat));
    expect(toldTo(watching)).toHaveLength(before);
    back.close();
    await hear(watching, owner);
  });

  it('becomes true again when what was published was lost', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    await hear(watching, owner);
    // What another process leaves whose publication was lost, as when no subscription was in force.
    const room = `room:{${owner.roomId}}`;
    const list = JSON.stringify([owner.memberId, guest.memberId].sort());
    await current().command('ZADD', `${room}:here`, Date.now() + 60_000, `${guest.memberId}|elsewhere`);
    await current().command('HSET', room, 'hereTold', createHash('sha1').update(list).digest('hex'), 'hereToldAt', Date.now());
    await hear(watching, owner, guest);
  });

  describe('as keys', () => {
    it('ends with the room', async () => {
      const owner = await api.open();
      await listen(app.url, owner);
      for (const key of [`room:{${owner.roomId}}`, `room:{${owner.roomId}}:here`]) {
        expect(await current().command('PEXPIRETIME', key)).toBe(owner.expiresAt);
      }
      await owner.destroy();
      expect(await current().command('EXISTS', `room:{${owner.roomId}}:here`)).toBe(0);
    });
  });
});
