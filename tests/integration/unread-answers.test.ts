import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
import { eventually } from '@tests/support/eventually';
import { type AppOptions, startApp, type TestApp } from '@tests/support/app';
import { connectRaw, type RawConnection, rawRequest } from '@tests/support/raw-connection';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';

/** Enough to fill the system's buffers of a connection that nobody reads, however large a page may be. */
const PAGES = 60;

let storage: Storage;
let owner: Seat;
let guest: Seat;
let pageBytes: number;
let app: TestApp;
const connections: RawConnection[] = [];

beforeAll(async () => {
  storage = await openStorage({ kind: 'embedded' });
  const making = await startApp(storage);
  const api = roomsApi(making);
  owner = await api.open(sealedRoom({ maxMembers: 100 }));
  guest = await joinSealed(api, owner.roomId);
  for (let count = 0; count < 200; count += 1) await owner.send(sealedMessage(5_553));
  pageBytes = JSON.stringify((await owner.history('limit=200')).body).length;
  await making.close();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const { socket } of connections.splice(0)) socket.destroy();
  await app.close();
});
afterAll(() => storage.close());

const historyPath = () => `/api/messages?roomId=${owner.roomId}&limit=200`;
const credential = ({ token }: Seat) => ({ Authorization: `Bearer ${token}` });

async function start(options: AppOptions = {}): Promise<TestApp> {
  app = await startApp(storage, options);
  return app;
}

/** A connection that requests pages of history and reads nothing until it is resumed. */
async function askUnread(seat: Seat, pages = PAGES): Promise<RawConnection> {
  const connection = await connectRaw(app.url);
  connections.push(connection);
  connection.socket.pause();
  connection.socket.write(rawRequest(historyPath(), credential(seat)).repeat(pages));
  return connection;
}

const ask = (path: string, seat: Seat) => fetch(app.url + path, { headers: credential(seat) });

/** Waits until the number of bytes held no longer changes, so that nothing is on its way any more. */
async function settle(): Promise<void> {
  for (let same = 0, before = -1; same < 20; before = app.unread.bytes) {
    expect((await ask('/api/health', guest)).status).toBe(200);
    same = app.unread.bytes === before && before > 0 ? same + 1 : 0;
  }
}

describe('answers that nobody reads', () => {
  it('are few for a member, on however many connections, and nobody else waits for them', async () => {
    await start();
    // Fewer than make the server stop reading, so that it notices the end of the connections.
    for (let count = 0; count < 200; count += 1) await askUnread(owner, 30);
    await settle();
    expect(app.unread.bytes).toBeGreaterThan(0);
    expect(app.unread.bytes).toBeLessThanOrEqual(4 * pageBytes);
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await ask(historyPath(), guest)).status).toBe(200);
      expect(await (await ask('/api/health', guest)).json()).toEqual({ status: 'ok', storage: 'embedded' });
    }
    for (const { socket } of connections) socket.destroy();
    await vi.waitFor(() => expect(app.unread.bytes).toBe(0), 20_000);
    expect((await ask(historyPath(), owner)).status).toBe(200);
  }, 90_000);

  it('are dropped with their connection when nothing of them is read for twenty seconds; the next in line has its turn', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    await start();
    for (let count = 0; count < 4; count += 1) await askUnread(owner);
    await settle();
    const waiting = await connectRaw(app.url);
    connections.push(waiting);
    waiting.socket.write(rawRequest(historyPath(), credential(owner)));
    await settle();
    expect(waiting.heard()).toBe('');
    vi.advanceTimersByTime(15_000);
    await settle();
    vi.advanceTimersByTime(10_000);
    await eventually(() => expect(waiting.bodies()).toHaveLength(1));
    expect(app.unread.bytes).toBe(0);
    for (const { socket, closed } of connections.slice(0, 4)) {
      socket.resume();
      await eventually(() => expect(closed()).toBe(true));
    }
  });

  it('are not those of a slow reader that reads: it gets all of them, whole', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    await start();
    const slow = await askUnread(owner);
    await settle();
    for (;;) {
      const before = slow.heard().length;
      slow.socket.resume();
      // A system reports room in its buffer when a third of it is free, which is megabytes here.
      await eventually(() => expect(slow.heard().length - before > 4_000_000 || app.unread.bytes === 0).toBe(true));
      if (app.unread.bytes === 0) break;
      slow.socket.pause();
      vi.advanceTimersByTime(15_000);
      expect(slow.closed()).toBe(false);
    }
    await eventually(() => expect(slow.bodies()).toHaveLength(PAGES));
    expect(new Set(slow.bodies().map((body) => body.length))).toEqual(new Set([pageBytes]));
  }, 60_000);

  it('use this much memory and no more: the reader who has waited longest is cut off first', async () => {
    await start({ unread: { bytesMax: 3.5 * pageBytes } });
    const api = roomsApi(app);
    const seats = [owner, guest];
    while (seats.length < 8) seats.push(await joinSealed(api, owner.roomId));
    const unread: RawConnection[] = [];
    for (const seat of seats) {
      unread.push(await askUnread(seat));
      await settle();
      expect(app.unread.bytes).toBeLessThanOrEqual(3.5 * pageBytes);
    }
    expect(app.unread.bytes).toBeGreaterThan(2 * pageBytes);
    expect((await ask(historyPath(), owner)).status).toBe(200);
    const last = unread.pop();
    for (const { socket } of unread.slice(0, 5)) socket.resume();
    for (const { closed } of unread.slice(0, 5)) await eventually(() => expect(closed()).toBe(true));
    last?.socket.resume();
    await eventually(() => expect(last?.bodies()).toHaveLength(PAGES));
  });

  it('of another kind are dropped, too', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    await start();
    const connection = await connectRaw(app.url);
    connections.push(connection);
    connection.socket.pause();
    const more = rawRequest('/api/openapi').repeat(300);
    connection.socket.write(more);
    connection.socket.on('drain', () => connection.socket.write(more));
    await eventually(() => expect(app.unread.bytes).toBeGreaterThan(0));
    await settle();
    for (let turn = 0; turn < 5; turn += 1) vi.advanceTimersByTime(5_000);
    expect(app.unread.bytes).toBe(0);
    connection.socket.resume();
    await eventually(() => expect(connection.closed()).toBe(true));
  });
});
