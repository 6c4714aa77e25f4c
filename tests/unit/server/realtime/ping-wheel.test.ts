import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PingWheel } from '@/server/realtime/ping-wheel';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';

/** The longest time that any of them received nothing. */
const longestSilence = (heardAt: readonly number[][]) =>
  heardAt.reduce(
    (longest, times) => times.reduce((most, at, index) => Math.max(most, at - (times[index - 1] ?? at)), longest),
    0,
  );

describe('pings', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function ride(count: number) {
    const heardAt = Array.from({ length: count }, () => [performance.now()]);
    const turns: number[] = [];
    const wheel = new PingWheel<number>(STREAM_TIMINGS.ping, (riders) => {
      turns.push(riders.size);
      for (const rider of riders) heardAt[rider]?.push(performance.now());
    });
    for (let rider = 0; rider < count; rider += 1) wheel.add(rider);
    return { wheel, turns, heardAt };
  }

  it.each([
    [8_000, 200],
    [10_001, 251],
  ])('of %i streams are %i in one turn at most, and each stream hears one every twenty seconds', (count, most) => {
    const { turns, heardAt } = ride(count);
    vi.advanceTimersByTime(5 * STREAM_TIMINGS.ping);
    expect(Math.max(...turns)).toBe(most);
    expect(new Set(heardAt.map(({ length }) => length))).toEqual(new Set([6]));
    expect(longestSilence(heardAt)).toBeLessThanOrEqual(STREAM_TIMINGS.ping);
  });

  it('of a few streams are one turn’s work', () => {
    const { turns } = ride(50);
    vi.advanceTimersByTime(3 * STREAM_TIMINGS.ping);
    expect(turns).toEqual([50, 50, 50]);
  });

  it('stay spread and in time while streams come and go', () => {
    const { wheel, turns, heardAt } = ride(4_000);
    for (let round = 0; round < 8; round += 1) {
      for (let rider = round; rider < 4_000; rider += 8) {
        wheel.remove(rider);
        heardAt[rider]?.push(performance.now());
        wheel.add(rider);
      }
      vi.advanceTimersByTime(Math.floor(STREAM_TIMINGS.ping / 3));
    }
    vi.advanceTimersByTime(STREAM_TIMINGS.ping);
    expect(Math.max(...turns)).toBeLessThanOrEqual(101);
    expect(longestSilence(heardAt.map((times) => [...times, performance.now()]))).toBeLessThanOrEqual(
      STREAM_TIMINGS.ping,
    );
  });

  it('cost nothing when nobody is left', () => {
    const { wheel, turns } = ride(3);
    for (let rider = 0; rider < 3; rider += 1) wheel.remove(rider);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5 * STREAM_TIMINGS.ping);
    expect(turns).toEqual([]);
  });
});
