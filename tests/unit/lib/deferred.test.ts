import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeferred } from '@/lib/deferred';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a part is not fetched before somebody wants it, and is fetched once', async () => {
  const part = { name: 'part' };
  const load = vi.fn(() => Promise.resolve(part));
  const deferred = createDeferred(load);
  expect(load).not.toHaveBeenCalled();
  expect(deferred.get()).toBeNull();
  deferred.fetch();
  deferred.fetch();
  await vi.advanceTimersByTimeAsync(0);
  deferred.fetch();
  expect(load).toHaveBeenCalledOnce();
  expect(deferred.get()).toBe(part);
});

test('a part that does not arrive is requested again until it does, and those who wait hear of it', async () => {
  const load = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('offline'))
    .mockRejectedValueOnce(new Error('offline'))
    .mockResolvedValue('part');
  const deferred = createDeferred(load, () => 1);
  const arrived = vi.fn();
  deferred.subscribe(arrived);
  deferred.fetch();
  await vi.advanceTimersByTimeAsync(999);
  expect(load).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1);
  expect(load).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(load).toHaveBeenCalledTimes(3);
  expect(deferred.get()).toBe('part');
  expect(arrived).toHaveBeenCalledOnce();
});
