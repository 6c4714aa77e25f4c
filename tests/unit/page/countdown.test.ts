import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followSeconds, secondsUntil } from '@/page/countdown';
import { createStore } from '@/lib/store';
import { followExpiry } from '@/session/expiry';
import { createMeasuredClock, timed } from '@/session/server-clock';
import { FakePage } from '@tests/unit/client/fake-browser';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the seconds left', () => {
  it.each([
    [60_000, 60],
    [59_999, 60],
    [59_000, 59],
    [1, 1],
    [0, 0],
    [-5_000, 0],
  ])('of %i ms are %i', (left, seconds) => {
    expect(secondsUntil(left, 0)).toBe(seconds);
  });

  it('change at the second of the server, not of the page load', () => {
    const expiresAt = Date.now() + 2_400;
    const seen: [number, number][] = [];
    const startedAt = Date.now();
    const stop = followSeconds(
      expiresAt,
      Date.now,
      () => seen.push([Date.now() - startedAt, secondsUntil(expiresAt, Date.now())]),
      [],
    );
    vi.advanceTimersByTime(10_000);
    stop();
    expect(seen).toEqual([
      [0, 3],
      [400, 2],
      [1_400, 1],
      [2_400, 0],
    ]);
  });

  it('are right at once when the page wakes up', () => {
    const page = new EventTarget();
    const changed = vi.fn();
    const stop = followSeconds(Date.now() + 600_000, Date.now, changed, [page]);
    changed.mockClear();
    vi.setSystemTime(Date.now() + 300_500);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(changed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    expect(changed).toHaveBeenCalledTimes(2);
    stop();
    page.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(10_000);
    expect(changed).toHaveBeenCalledTimes(2);
  });
});

describe('the expiry', () => {
  it('comes once, to the millisecond, and not to a caller who has stopped waiting', () => {
    const page = new FakePage();
    const expired = vi.fn();
    const stopped = vi.fn();
    const end = createStore(Date.now() + 60_000);
    followExpiry(end, Date.now, page, expired);
    followExpiry(end, Date.now, page, stopped)();
    vi.advanceTimersByTime(59_999);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    page.emit('visible');
    vi.advanceTimersByTime(60_000);
    expect(expired).toHaveBeenCalledTimes(1);
    expect(stopped).not.toHaveBeenCalled();
  });

  it('waits for the moment that takes the place of another, before that or after it', () => {
    const end = createStore(Date.now() + 60_000);
    const expired = vi.fn();
    const stop = followExpiry(end, Date.now, new FakePage(), expired);
    vi.advanceTimersByTime(30_000);
    end.set(end.get() + 60_000);
    vi.advanceTimersByTime(89_999);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledTimes(1);
    end.set(Infinity);
    vi.advanceTimersByTime(60_000);
    end.set(Date.now() + 60_000);
    vi.advanceTimersByTime(60_000);
    expect(expired).toHaveBeenCalledTimes(2);
    end.set(Date.now() + 60_000);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(expired).toHaveBeenCalledTimes(2);
  });
});

describe('the server clock', () => {
  it('assumes that an answer was made in the middle of the time it took', async () => {
    const clock = createMeasuredClock();
    const asked = timed(new Promise<number>((resolve) => setTimeout(() => resolve(5_000_000), 400)));
    await vi.advanceTimersByTimeAsync(400);
    const { value, at } = await asked;
    clock.measure(value, at);
    expect(clock.now()).toBe(5_000_200);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(5_001_200);
    expect(clock.toBrowserTime(clock.now())).toBe(Date.now());
  });
});
