import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backoffMs, createRetry } from '@/lib/retry';

const BOUNDS = { firstMs: 500, longestMs: 20_000 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  { attempt: 0, boundMs: 500 },
  { attempt: 1, boundMs: 1_000 },
  { attempt: 5, boundMs: 16_000 },
  { attempt: 6, boundMs: 20_000 },
  { attempt: 5_000, boundMs: 20_000 },
])('attempt $attempt waits anywhere below $boundMs ms', ({ attempt, boundMs }) => {
  expect(backoffMs(attempt, BOUNDS, () => 0)).toBe(0);
  expect(backoffMs(attempt, BOUNDS, () => 0.5)).toBe(boundMs / 2);
  expect(backoffMs(attempt, BOUNDS, () => 1)).toBe(boundMs);
});

test('each run waits longer than the one before, until the work succeeds', () => {
  const retry = createRetry(BOUNDS, () => 1);
  const runs: number[] = [];
  const begin = Date.now();
  const run = () => void runs.push(Date.now() - begin);
  retry.schedule(run);
  vi.advanceTimersByTime(500);
  retry.schedule(run);
  vi.advanceTimersByTime(1_000);
  retry.reset();
  retry.schedule(run);
  vi.advanceTimersByTime(500);
  expect(runs).toEqual([500, 1_500, 2_000]);
});

test('a wait that the server asked for is added', () => {
  const retry = createRetry(BOUNDS, () => 1);
  const run = vi.fn();
  retry.schedule(run, 3_000);
  vi.advanceTimersByTime(3_499);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});

test('a new run replaces the scheduled one, and a cancelled one never comes', () => {
  const retry = createRetry(BOUNDS, () => 1);
  const [first, second] = [vi.fn(), vi.fn()];
  retry.schedule(first);
  retry.schedule(second);
  expect(retry.isScheduled()).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledOnce();
  expect(retry.isScheduled()).toBe(false);
  retry.schedule(first);
  retry.cancel();
  vi.advanceTimersByTime(60_000);
  expect(first).not.toHaveBeenCalled();
});
