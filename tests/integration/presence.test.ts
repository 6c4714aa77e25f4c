import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type AppOptions, type TestApp, startApp } from '@tests/support/app';
import { type EventStream, listen, soon } from '@tests/support/event-stream';
import { foldHere } from '@tests/support/here-fold';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const AWAY_MS = 300;
const GATHER_MS = 100;
/**
 * A second of these waits becomes a tenth or less. The lease is the exception, because a busy machine must not lose it.
 */
const TIMINGS = {
  away: AWAY_MS,
  gather: GATHER_MS,
  linger: 100,
  heartbeat: 250,
  heartbeatRetry: 50,
  lease: 3_000,
  publication: 50,
};

describeOnEveryStorage('the list of who is here', (current) => {
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
  const listsSentTo = (stream: EventStream) =>
    stream.of('presence.changed').map(({ data }) => (data as { here: string[] }).here);
  const hear = (stream: EventStream, ...seats: Seat[]) =>
    soon(() => expect(listsSentTo(stream).at(-1)).toEqual(seats.map(({ memberId }) => memberId).sort()));

  it('is empty until a member listens, whatever else members do', async () => {
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

  it('is sent to all listeners, including the first to come and the last', async () => {
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

  it('keeps a member who drops for the time of grace, and has never missed one who reconnects within it', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    let stream = await listen(app.url, guest);
    await hear(watching, owner, guest);
    const before = listsSentTo(watching).length;
    for (let drop = 0; drop < 4; drop += 1) {
      const begun = performance.now();
      stream.close();
      await soon(() => expect(performance.now() - begun).toBeGreaterThan(AWAY_MS / 2));
      stream = await listen(app.url, guest);
    }
    expect(listsSentTo(watching)).toHaveLength(before);
    const begun = performance.now();
    stream.close();
    await hear(watching, owner);
    expect(performance.now() - begun).toBeGreaterThan(AWAY_MS - 50);
    expect(await countOf(owner)).toBe(1);
    await listen(app.url, guest);
    expect(await countOf(owner)).toBe(2);
    await hear(watching, owner, guest);
  });

  it('is published at most once in each time of gathering, and the last one is true', async () => {
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
    expect(listsSentTo(watching).length).toBeLessThanOrEqual(Math.ceil(elapsed / GATHER_MS) + 1);
    expect(await countOf(owner)).toBe(31);
  });

  it('loses a member who leaves at once, and is dropped when the last listener of a room disconnects', async () => {
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

  it('loses the members of a dead process when its lease is over, and the remaining listeners hear of it', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    // This is what a process leaves that reported a member and was killed.
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

  it('keeps the members of a process that stops for the time of grace, in which they reconnect elsewhere', async () => {
    const stopping = await startApp(current().storage, { timings: { ...TIMINGS, lease: 60_000 } });
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    const stream = await listen(stopping.url, guest);
    await hear(watching, owner, guest);
    const before = listsSentTo(watching).length;
    await stopping.close();
    await soon(() => expect(stream.ended).toBe(true));
    const back = await listen(app.url, guest, { lastAck: stream.cursor });
    const begun = performance.now();
    await soon(() => expect(performance.now() - begun).toBeGreaterThan(AWAY_MS + TIMINGS.heartbeat));
    expect(listsSentTo(watching)).toHaveLength(before);
    back.close();
    await hear(watching, owner);
  });

  it('is published as differences when more than fifty are here, on every process, and is the same for everybody', async () => {
    const another = await anotherProcess();
    const owner = await api.open({ maxMembers: 60 });
    const guests = await Promise.all(Array.from({ length: 53 }, () => api.join(owner.roomId)));
    const watching = [await listen(app.url, owner), await listen(another.url, owner)];
    const streams: EventStream[] = [];
    for (const [index, guest] of guests.entries()) streams.push(await listen((index % 2 ? app : another).url, guest));
    const idsOf = (seats: Seat[]) => seats.map(({ memberId }): string => memberId).sort();
    const truth = (seats: Seat[]) =>
      soon(() => {
        for (const stream of watching) expect(foldHere(stream.words)).toEqual(idsOf(seats));
      });
    await truth([owner, ...guests]);
    expect(await countOf(owner)).toBe(54);
    expect((await membersHere(owner)).sort()).toEqual(idsOf([owner, ...guests]));
    for (const stream of watching) expect(stream.of('presence.moved')).not.toEqual([]);
    streams[0]?.close();
    await truth([owner, ...guests.slice(1)]);
    const wholeBefore = watching.map((stream) => stream.of('presence.changed').length);
    for (const stream of streams.slice(1, 6)) stream.close();
    await truth([owner, ...guests.slice(6)]);
    watching.forEach((stream, index) =>
      expect(stream.of('presence.changed').length).toBeGreaterThan(wholeBefore[index] ?? 0),
    );
  });

  it('becomes true again after a publication was lost', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const watching = await listen(app.url, owner);
    await hear(watching, owner);
    // This is what another process leaves whose publication was lost, as when no subscription was active.
    const room = `room:{${owner.roomId}}`;
    await current().command('ZADD', `${room}:here`, Date.now() + 60_000, `${guest.memberId}|elsewhere`);
    await current().command('HSET', room, 'hereTold', `${owner.memberId},${guest.memberId}`, 'hereToldAt', Date.now());
    await current().command('HINCRBY', room, 'hereTurn', 1);
    await hear(watching, owner, guest);
  });

  describe('the time when a member was last heard of', () => {
    const seenOf = async (seat: Seat) =>
      Number(await current().command('HGET', `room:{${seat.roomId}}:seen`, seat.memberId));

    it('is noted with the check of a credential, and when they have been away for the time of grace', async () => {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      await listen(app.url, owner);
      const stream = await listen(app.url, guest);
      const atFirst = await seenOf(guest);
      expect(atFirst).toBeGreaterThanOrEqual(guest.createdAt);
      stream.close();
      await soon(async () => expect(await seenOf(guest)).toBeGreaterThanOrEqual(atFirst + AWAY_MS));
      expect(await current().command('PEXPIRETIME', `room:{${owner.roomId}}:seen`)).toBe(owner.expiresAt);
    });

    it('is the end of the lease of a dead process, unless they were heard of later', async () => {
      const owner = await api.open();
      const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
      const watching = await listen(app.url, owner);
      await hear(watching, owner);
      const here = `room:{${owner.roomId}}:here`;
      const [until, later] = [Date.now() + 300, Date.now() + 60_000];
      await current().command('HSET', `room:{${owner.roomId}}:seen`, other.memberId, later);
      await current().command('PEXPIREAT', `room:{${owner.roomId}}:seen`, owner.expiresAt);
      for (const seat of [guest, other])
        await current().command('ZADD', here, until, `${seat.memberId}|a-process-that-died`);
      // A member whose seat is given away leaves nothing behind.
      await current().command('ZADD', here, until, 'AAAAAAAAAAAAAAAA|a-process-that-died');
      await soon(async () => expect(await seenOf(guest)).toBe(until));
      expect(await seenOf(other)).toBe(later);
      expect(await current().command('HEXISTS', `room:{${owner.roomId}}:seen`, 'AAAAAAAAAAAAAAAA')).toBe(0);
    });
  });

  describe('the keys of presence', () => {
    it('end with the room', async () => {
      const owner = await api.open();
      await listen(app.url, owner);
      for (const key of [`room:{${owner.roomId}}`, `room:{${owner.roomId}}:here`, `room:{${owner.roomId}}:seen`]) {
        expect(await current().command('PEXPIRETIME', key)).toBe(owner.expiresAt);
      }
      await owner.destroy();
      expect(await current().command('EXISTS', `room:{${owner.roomId}}:here`, `room:{${owner.roomId}}:seen`)).toBe(0);
    });
  });
});
