import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStorage, type Storage, storageOver } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { type EventStream, listen, openStream, soon } from '@tests/support/event-stream';
import { type RecordedCommand, recordRequests, type RecordingRequester } from '@tests/support/recording-requester';
import { type RedisServer, startRedisServer } from '@tests/support/redis-server';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';

/** Without the first run of each script, in which Redis has to be sent its text. */
const counted = (commands: readonly RecordedCommand[]) =>
  commands
    .filter(({ error }) => error?.includes('NOSCRIPT') !== true)
    .map(({ name }) => (name === 'EVAL' ? 'EVALSHA' : name));

describe('the cost of streams, on a real Redis', () => {
  let server: RedisServer;
  let opened: Storage;
  let recording: RecordingRequester;
  let app: TestApp;
  let api: RoomsApi;
  beforeAll(async () => {
    server = await startRedisServer();
    opened = await openStorage({ kind: 'redis', url: server.url });
    recording = recordRequests(opened.requester);
    app = await startApp(storageOver('redis', { requester: recording, close: opened.close }));
    api = roomsApi(app);
  });
  afterAll(async () => {
    await app.close();
    await opened.close();
    await server.stop();
  });

  async function during(work: () => Promise<unknown>): Promise<string[]> {
    const before = recording.recorded.length;
    await work();
    return counted(recording.recorded.slice(before));
  }
  const subscriptions = async ({ roomId }: Seat) => server.command('PUBSUB', 'NUMSUB', roomId);

  it('is one command and one subscription for the first listener who asks only for new events, and two commands when they ask for missed events as well', async () => {
    const seat = await api.open();
    expect(await during(() => listen(app.url, seat))).toEqual(['EVALSHA', 'SUBSCRIBE', 'EVALSHA']);
    const other = await api.open();
    for (let count = 0; count < 30; count += 1) await other.send();
    const missed = await during(async () => {
      const stream = await listen(app.url, other, { lastAck: '0' });
      await soon(() => expect(stream.texts()).toHaveLength(30));
    });
    expect(missed).toEqual(['EVALSHA', 'SUBSCRIBE', 'EVALSHA']);
  });

  it('is one command for a member who was not here before and whose position is in the ring, and none for every other stream of that member', async () => {
    const owner = await api.open({ maxMembers: 12 });
    const first = await listen(app.url, owner);
    for (let count = 0; count < 5; count += 1) await owner.send();
    await soon(() => expect(first.texts()).toHaveLength(5));
    const { cursor } = first.words[0] ?? {};
    expect(await during(() => listen(app.url, owner))).toEqual([]);
    expect(
      await during(async () => {
        const stream = await listen(app.url, owner, { lastAck: cursor });
        await soon(() => expect(stream.texts()).toHaveLength(5));
      }),
    ).toEqual([]);
    const guest = await api.join(owner.roomId);
    // The change is reported with the check of the credential, unless another was just before; then a heartbeat reports
    // it.
    await soon(() => expect(Date.now()).toBeGreaterThan(owner.createdAt + 1_500));
    expect(await during(() => listen(app.url, guest))).toEqual(['EVALSHA']);
    await soon(() =>
      expect(first.of('presence.changed').at(-1)?.data).toEqual({ here: [owner.memberId, guest.memberId].sort() }),
    );
  });

  it('is one read for a stream of a member who is here and whose position is older than the ring', async () => {
    const owner = await api.open();
    await owner.send();
    const first = await listen(app.url, owner);
    for (let count = 0; count < 10; count += 1) await owner.send();
    const names = await during(async () => {
      const stream = await listen(app.url, owner, { lastAck: '0' });
      await soon(() => expect(stream.texts()).toHaveLength(11));
    });
    expect(names).toEqual(['EVALSHA']);
    await soon(() => expect(first.texts()).toHaveLength(10));
  });

  it('is one command in one round trip for a message, however many listen', async () => {
    const owner = await api.open();
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen(app.url, owner)));
    const before = recording.recorded.length;
    await owner.send({ text: 'counted' });
    for (const stream of streams) await soon(() => expect(stream.texts()).toEqual(['counted']));
    expect(counted(recording.recorded.slice(before))).toEqual(['EVALSHA']);
  });

  it('is one subscription to a room for 1, 10 and 100 listeners, and none after ten seconds without one', async () => {
    const rooms: { owner: Seat; streams: EventStream[] }[] = [];
    for (const count of [1, 10, 100]) {
      const owner = await api.open({ maxMembers: 20 });
      const seats = [
        owner,
        ...(await Promise.all(Array.from({ length: Math.min(count - 1, 9) }, () => api.join(owner.roomId)))),
      ];
      const streams: EventStream[] = [];
      const names = await during(async () => {
        for (let index = 0; index < count; index += 1)
          streams.push(await listen(app.url, seats[index % seats.length] ?? owner));
      });
      expect(names.filter((name) => name === 'SUBSCRIBE')).toHaveLength(1);
      expect(await subscriptions(owner)).toEqual([owner.roomId, 1]);
      rooms.push({ owner, streams });
    }
    for (const { streams } of rooms) for (const stream of streams.slice(1)) stream.close();
    for (const { owner } of rooms) expect(await subscriptions(owner)).toEqual([owner.roomId, 1]);
    for (const { streams } of rooms) streams[0]?.close();
    for (const { owner } of rooms)
      await soon(async () => expect(await subscriptions(owner)).toEqual([owner.roomId, 0]), 10_000);
  });
});

describe('the cost of a hundred idle listeners', () => {
  it('is at most three commands a minute, including the renewals of their streams, and each hears that the line is alive', async () => {
    const { storage, recorded, clock } = clockedStorage();
    const app = await startApp(storage);
    const api = roomsApi(app);
    const owner = await api.open({ lifetimeSeconds: 3_600, maxMembers: 20 });
    const seats = [owner, ...(await Promise.all(Array.from({ length: 9 }, () => api.join(owner.roomId))))];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] });
    try {
      const ids = seats.map(({ memberId }): string => memberId).sort();
      const lines = await Promise.all(
        Array.from({ length: 100 }, (_, index) => openLine(app, seats[index % 10] ?? owner)),
      );
      const pass = async (ms: number) => {
        for (let passed = 0; passed < ms; passed += 500) {
          clock.ms += 500;
          await vi.advanceTimersByTimeAsync(500);
          await Promise.all(lines.map((line) => line.renewWhenEnded()));
        }
      };
      await pass(30_000);
      const heard = () => lines.map((line) => line.words().length);
      const settled = heard();
      for (let minute = 0; minute < 9; minute += 1) {
        const [commands, before] = [recorded.length, heard()];
        await pass(60_000);
        const asked = counted(recorded.slice(commands));
        expect(asked.length).toBeLessThanOrEqual(3);
        expect(asked).toEqual(asked.map(() => 'EVALSHA'));
        await realTurns(() => heard().every((count, index) => count - (before[index] ?? 0) >= 3));
      }
      // In nine and a half minutes each stream ended two or three times, and nobody was away because of it.
      for (const [index, line] of lines.entries()) {
        const words = line.words().slice(settled[index]);
        expect([2, 3]).toContain(words.filter(({ type }) => type === 'reconnect').length);
        for (const { event, data } of words) if (event === 'presence.changed') expect(data).toEqual({ here: ids });
      }
      expect(((await owner.look()).body as { here: number }).here).toBe(10);
    } finally {
      vi.useRealTimers();
      await app.close();
    }
  }, 60_000);
});

/** A page's line in virtual time: it reconnects with its last position whenever the server asks for it. */
async function openLine(app: TestApp, seat: Seat) {
  const streams = [await listenQuietly(app, seat)];
  return {
    words: () => streams.flatMap(({ words }) => words),
    renewWhenEnded: async () => {
      const stream = streams.at(-1);
      if (stream?.ended !== true && stream?.words.at(-1)?.type !== 'reconnect') return;
      streams.push(await listenQuietly(app, seat, stream.cursor));
    },
  };
}

/** A listener in virtual time. Sockets are not virtual, so the test waits for their turns. */
async function listenQuietly(app: TestApp, seat: Seat, lastAck?: string): Promise<EventStream> {
  const stream = await openStream(app.url, seat, { lastAck });
  await realTurns(() => stream.words.some(({ type }) => type === 'connected'));
  return stream;
}

async function realTurns(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 50_000 && !done(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  if (!done()) throw new Error('It did not arrive, however often the sockets had their turn');
}
