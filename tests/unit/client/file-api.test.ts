import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRoomApi } from '@/client/api';
import { createFileApi } from '@/client/file-api';
import { fileIdSchema } from '@/domain/file';
import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { roomIdSchema } from '@/domain/room';

const ROOM = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const FILE = fileIdSchema.parse('A'.repeat(22));
const PIECE = FILE_PIECE_BYTES + FILE_PIECE_SEAL_BYTES;
const headers = { 'content-type': 'application/octet-stream' };

function apiOf(answer: (signal: AbortSignal) => Promise<Response> | Response) {
  const fetcher: typeof fetch = (input, init) => Promise.resolve(answer(new Request(input, init).signal));
  return createFileApi(createRoomApi({ origin: 'http://localhost', isOnline: () => true, fetcher }), ROOM);
}
const never = (signal: AbortSignal) =>
  new Promise<Response>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError'))),
  );
const { signal } = new AbortController();

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('takes a piece that comes in parts', async () => {
  const parts = [new Uint8Array(PIECE - 1).fill(1), new Uint8Array(1).fill(2)];
  const body = () =>
    new ReadableStream({
      pull: (controller) => (parts.length > 0 ? controller.enqueue(parts.shift()) : controller.close()),
    });
  const answer = await apiOf(() => new Response(body(), { headers })).read(FILE, 0, signal);
  expect(answer.ok && [answer.value.length, answer.value.at(0), answer.value.at(-1)]).toEqual([PIECE, 1, 2]);
});

it('stops reading an answer that has no end', async () => {
  let [chunks, isCancelled] = [0, false];
  const endless = new ReadableStream({
    pull: (controller) => {
      chunks += 1;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => void (isCancelled = true),
  });
  const answer = await apiOf(() => new Response(endless, { headers })).read(FILE, 0, signal);
  expect(answer).toEqual({ ok: false, failure: { reason: 'unreachable' } });
  expect(isCancelled).toBe(true);
  expect(chunks).toBeLessThan(10);
});

it('sends one piece at a time after one was too slow, until one is quick again', async () => {
  let answer: (signal: AbortSignal) => Promise<Response> | Response = never;
  const api = apiOf((stop) => answer(stop));
  expect([api.atOnce.up(), api.atOnce.down()]).toEqual([2, 2]);
  const late = api.put(FILE, 0, new Uint8Array(1), signal);
  await vi.advanceTimersByTimeAsync(180_000);
  expect((await late).ok).toBe(false);
  expect([api.atOnce.up(), api.atOnce.down()]).toEqual([1, 2]);
  answer = () => new Promise((resolve) => setTimeout(() => resolve(new Response(null, { status: 204 })), 100_000));
  const slow = api.put(FILE, 0, new Uint8Array(1), signal);
  await vi.advanceTimersByTimeAsync(100_000);
  expect((await slow).ok).toBe(true);
  expect(api.atOnce.up()).toBe(1);
  answer = () => new Response(null, { status: 204 });
  expect((await api.put(FILE, 0, new Uint8Array(1), signal)).ok).toBe(true);
  expect(api.atOnce.up()).toBe(2);
});
