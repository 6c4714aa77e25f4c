import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTimers } from '@/session/private-talk/timers';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('nothing is done once the session is over, whether it was asked for before or after that', () => {
  const over = new AbortController();
  const after = createTimers(over.signal);
  const work = vi.fn();
  after(1_000, work);
  after(3_000, work);
  vi.advanceTimersByTime(2_000);
  expect(work).toHaveBeenCalledOnce();
  over.abort();
  after(1_000, work);
  expect(vi.getTimerCount()).toBe(0);
});
