import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import { roomIdSchema } from '@/domain/room';
import { createRoomCache } from '@/page/room-cache';
import type { Timed } from '@/session/server-clock';

const ROOM_ID = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');

const VIEW: RoomView = {
  roomId: ROOM_ID,
  createdAt: 0,
  expiresAt: 600_000,
  now: 0,
  members: 1,
  here: 1,
  maxMembers: 2,
  sealed: false,
  locked: false,
  entry: 'open',
  listed: false,
  slowModeSeconds: 0,
  signals: { typing: true, seen: true },
  files: null,
  you: null,
};

const found = (): Timed<Answer<RoomView>> => ({ value: { ok: true, value: VIEW }, at: Date.now() });
const failed = (): Timed<Answer<RoomView>> => ({
  value: { ok: false, failure: { reason: 'offline' } },
  at: Date.now(),
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a room that was just made is not requested', async () => {
  const cache = createRoomCache();
  const read = vi.fn(() => Promise.resolve(found()));
  cache.put({ value: VIEW, at: 7 });
  expect(await cache.read(ROOM_ID, read)).toEqual({ value: { ok: true, value: VIEW }, at: 7 });
  expect(read).not.toHaveBeenCalled();
});

test('two reads at once are one request', async () => {
  const cache = createRoomCache();
  const read = vi.fn(() => Promise.resolve(found()));
  const [first, second] = await Promise.all([cache.read(ROOM_ID, read), cache.read(ROOM_ID, read)]);
  expect(second).toBe(first);
  expect(read).toHaveBeenCalledOnce();
});

test('after ten seconds, and after it was forgotten, a room is requested again', async () => {
  const cache = createRoomCache();
  const read = vi.fn(() => Promise.resolve(found()));
  await cache.read(ROOM_ID, read);
  vi.advanceTimersByTime(9_999);
  await cache.read(ROOM_ID, read);
  expect(read).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1);
  await cache.read(ROOM_ID, read);
  expect(read).toHaveBeenCalledTimes(2);
  cache.forget(ROOM_ID);
  await cache.read(ROOM_ID, read);
  expect(read).toHaveBeenCalledTimes(3);
});

test('a failure is not kept', async () => {
  const cache = createRoomCache();
  expect(await cache.read(ROOM_ID, () => Promise.resolve(failed()))).toMatchObject({ value: { ok: false } });
  expect(await cache.read(ROOM_ID, () => Promise.resolve(found()))).toMatchObject({ value: { ok: true } });
});

test('a failure that comes late does not drop the room that replaced it', async () => {
  const cache = createRoomCache();
  const slow = cache.read(ROOM_ID, () => new Promise((resolve) => void setTimeout(() => resolve(failed()), 1_000)));
  cache.put({ value: VIEW, at: 7 });
  await vi.advanceTimersByTimeAsync(1_000);
  await slow;
  const read = vi.fn(() => Promise.resolve(found()));
  await cache.read(ROOM_ID, read);
  expect(read).not.toHaveBeenCalled();
});
