import { expect, it, onTestFinished } from 'vitest';
import { openStorage, type Storage } from '@/server/storage/client';
import { eventually } from '@tests/support/eventually';
import { startApp, type TestApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { catchLogLines } from '@tests/support/log-lines';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { startRedisServer } from '@tests/support/redis-server';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';

const MAX_BYTES = 2 * 1_048_576;
const LONG_TEXT = '漢'.repeat(1_000);

async function appOver(storage: Storage): Promise<{ app: TestApp; api: RoomsApi }> {
  const app = await startApp(storage);
  onTestFinished(() => app.close());
  return { app, api: roomsApi(app) };
}

const openSmallStorage = async (): Promise<Storage> => {
  const storage = await openStorage({ kind: 'embedded', maxBytes: MAX_BYTES });
  onTestFinished(() => storage.close());
  return storage;
};

/** Sends until nothing more fits. */
async function fill(storage: Storage, seat: Seat): Promise<void> {
  while (!storage.isFull()) expect((await seat.send({ text: LONG_TEXT })).status).toBe(201);
}

it('refuses new rooms when the storage is full, and says when to try again', async () => {
  catchLogLines();
  const storage = await openSmallStorage();
  const { api } = await appOver(storage);
  await fill(storage, await api.open());
  expectProblem(await api.ask('POST', '/api/room', { json: {} }), 'storage_full');
  expectProblem(await api.ask('POST', '/api/room', { json: { credentials: 'bearer' } }), 'storage_full');
  // An address is not charged for rooms that it did not get.
  const limited = await startApp(storage, { rateLimits: true });
  onTestFinished(() => limited.close());
  for (let attempt = 0; attempt < 100; attempt += 1)
    expectProblem(await roomsApi(limited).ask('POST', '/api/room'), 'storage_full');
});

it('lets everything go on in existing rooms', async () => {
  catchLogLines();
  const storage = await openSmallStorage();
  const { app, api } = await appOver(storage);
  const owner = await api.open();
  const early = await api.join(owner.roomId);
  await fill(storage, owner);

  const guest = await api.join(owner.roomId);
  const stream = await listenTo(app.url, guest);
  expect((await guest.rename('Ann')).status).toBe(200);
  await eventually(() => expect(stream.data('member.updated')).toEqual([{ memberId: guest.memberId, name: 'Ann' }]));
  expect((await owner.lock(true)).status).toBe(200);
  await eventually(() => expect(stream.data('room.updated')).toEqual([{ locked: true }]));
  expect((await guest.look()).body).toMatchObject({ members: 3, here: 1, locked: true });
  expect((await guest.members()).status).toBe(200);
  expect((await guest.history('limit=5')).body).toMatchObject({
    messages: Array.from({ length: 5 }, () => ({ text: LONG_TEXT })),
  });
  expect((await owner.remove(early.memberId)).status).toBe(204);
  expect((await guest.leave()).status).toBe(204);
  expect((await api.ask('GET', '/api/health')).status).toBe(200);
  expect((await owner.destroy()).status).toBe(204);
});

it('accepts new rooms again as soon as one has ended', async () => {
  catchLogLines();
  const storage = await openSmallStorage();
  const { api } = await appOver(storage);
  const [small, large] = [await api.open(), await api.open()];
  await fill(storage, large);
  expect((await small.destroy()).status).toBe(204);
  await fill(storage, large);
  expectProblem(await api.ask('POST', '/api/room', { json: {} }), 'storage_full');
  expect((await large.destroy()).status).toBe(204);
  const next = await api.open();
  expect((await next.send()).status).toBe(201);
});

it('refuses nobody because of rooms that are over, swept or not', async () => {
  catchLogLines();
  const { storage, clock, footprint } = clockedStorage({ maxBytes: MAX_BYTES });
  const { api } = await appOver(storage);
  await fill(storage, await api.openFor(60_000));
  expectProblem(await api.ask('POST', '/api/room', { json: {} }), 'storage_full');
  clock.ms += 60_001;
  expect(footprint()).toBeGreaterThan(MAX_BYTES);
  expect((await api.open()).roomId).toHaveLength(22);
  expect(footprint()).toBeLessThan(MAX_BYTES / 100);
});

it('logs once that it fills up and once that it is full, whoever tries meanwhile, and names nobody', async () => {
  const lines = catchLogLines();
  const storage = await openSmallStorage();
  const { api } = await appOver(storage);
  const owner = await api.open();
  await fill(storage, owner);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await api.ask('POST', '/api/room', { json: {} });
    await api.join(owner.roomId).then((guest) => guest.leave());
  }
  expect(lines).toEqual([
    { level: 'warn', event: 'storage.nearly_full', heldMb: 2, maxMb: 2 },
    { level: 'error', event: 'storage.full', heldMb: 2, maxMb: 2 },
  ]);
});

it('lets people take back what they said where a Redis is full, edits included', async () => {
  const server = await startRedisServer();
  onTestFinished(() => server.stop());
  const storage = await openStorage({ kind: 'redis', url: server.url });
  onTestFinished(() => storage.close());
  const app = await startApp(storage, { rateLimits: true });
  onTestFinished(() => app.close());
  const api = roomsApi(app);
  const owner = await api.open();
  const guest = await api.join(owner.roomId);
  const stream = await listenTo(app.url, owner);
  await guest.send({ id: 'message-1', text: 'a secret' });
  await guest.send({ id: 'edit-no-1', text: 'a secret, too', about: { kind: 'edit', id: 'message-1' } });
  await guest.send({ id: 'message-2' });
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  await server.command('CONFIG', 'SET', 'maxmemory', '1');

  expectProblem(await guest.send(), 'storage_unavailable');
  expect((await guest.takeBack('message-1')).status).toBe(204);
  expect((await owner.takeBack('message-1', 'message-2')).status).toBe(204);
  const removed = ['message-1', 'message-2'];
  await eventually(() => expect(stream.data('message.removed')).toMatchObject(removed.map((id) => ({ id }))));
  expect((await guest.history()).body).toMatchObject({ messages: [], removed });
  expect(JSON.stringify(await server.command('XRANGE', owner.roomId, '-', '+'))).not.toContain('secret');
  expect(await server.command('PTTL', owner.roomId)).toBeGreaterThan(0);
  stream.close();
});

it('lets people take back what they said where the storage of the process is full, which makes space', async () => {
  catchLogLines();
  const storage = await openSmallStorage();
  const { api } = await appOver(storage);
  const owner = await api.open();
  for (const id of ['message-1', 'message-2']) await owner.send({ id, text: LONG_TEXT });
  await fill(storage, owner);
  expectProblem(await owner.send({ text: 'x' }), 'storage_full');
  // The message that filled it may be over the ceiling with nearly all of its length: one more than that has to go.
  expect((await owner.takeBack('message-1', 'message-2')).status).toBe(204);
  expect((await owner.send({ text: 'x' })).status).toBe(201);
});

it('reports no answer from the storage where a Redis is full, and lets people read, listen, lock, leave and end existing rooms', async () => {
  const server = await startRedisServer();
  onTestFinished(() => server.stop());
  const storage = await openStorage({ kind: 'redis', url: server.url });
  onTestFinished(() => storage.close());
  const { app, api } = await appOver(storage);
  const owner = await api.open();
  const guest = await api.join(owner.roomId);
  expect((await owner.send()).status).toBe(201);
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  await server.command('CONFIG', 'SET', 'maxmemory', '1');

  expectProblem(await api.ask('POST', '/api/room', { json: {} }), 'storage_unavailable');
  expectProblem(await owner.send(), 'storage_unavailable');
  expect((await guest.history()).body).toMatchObject({ messages: [{}] });
  const stream = await listenTo(app.url, guest);
  expect((await owner.lock(true)).status).toBe(200);
  await eventually(() => expect(stream.data('room.updated')).toEqual([{ locked: true }]));
  stream.close();
  expect((await guest.leave()).status).toBe(204);
  expect((await owner.look()).body).toMatchObject({ members: 1 });
  expect((await owner.destroy()).status).toBe(204);
  expect(await server.command('DBSIZE')).toBe(0);
});

it('refuses new messages when full, answers a repeated one as before, and accepts messages again when there is space', async () => {
  catchLogLines();
  const storage = await openStorage({ kind: 'embedded', maxBytes: MAX_BYTES });
  onTestFinished(() => storage.close());
  const app = await startApp(storage);
  onTestFinished(() => app.close());
  const api = roomsApi(app);
  const [owner, other] = [await api.open(), await api.open()];
  const guest: Seat = await api.join(owner.roomId);
  const message = { id: 'known-id', text: 'once' };
  expect((await guest.send(message)).status).toBe(201);
  while (!storage.isFull()) expect((await other.send({ text: LONG_TEXT })).status).toBe(201);

  expectProblem(await guest.send({ text: 'x' }), 'storage_full');
  expect((await guest.send(message)).status).toBe(200);
  expectProblem(await guest.send({ ...message, text: 'twice' }), 'message_id_taken');
  expectProblem(
    await roomsApi(app).ask('POST', `/api/messages?roomId=${owner.roomId}`, {
      token: 'x'.repeat(43),
      json: { sender: 'Ann', text: 'x' },
    }),
    'not_a_member',
  );
  expect((await guest.history()).body).toMatchObject({ messages: [{ text: 'once' }] });
  expect((await other.destroy()).status).toBe(204);
  expect((await guest.send({ text: 'again' })).status).toBe(201);
});
