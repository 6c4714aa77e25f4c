import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { backoffMs } from '@/lib/retry';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { Upstream } from '@/server/realtime/upstream';
import { storageOver } from '@/server/storage/client';
import { embeddedRedis } from '@tests/support/embedded-redis';
import { withFaults } from '@tests/support/faulty-requester';

const ROOM = roomIdSchema.parse('A'.repeat(22));

describe('the wait before a lost subscription is tried again', () => {
  it('is a random part of a bound that doubles up to a longest', () => {
    const bounds = (random: () => number) =>
      [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, STREAM_TIMINGS.retry, random));
    expect(bounds(() => 1)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(bounds(() => 0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(bounds(() => 0.5)).toEqual([125, 250, 500, 1_000, 2_000, 2_500, 2_500]);
  });
});

describe('the subscription of a room', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function follow() {
    const { requester, run } = embeddedRedis();
    const faulty = withFaults(requester);
    const { redis } = storageOver('embedded', { requester: faulty, close: () => Promise.resolve() });
    const heard: string[] = [];
    let confirmed = 0;
    const upstream = new Upstream(redis, ROOM, STREAM_TIMINGS, {
      confirmed: () => (confirmed += 1),
      published: (text) => heard.push(text),
    });
    upstream.open();
    const publish = (text: string) => run('PUBLISH', ROOM, text);
    return {
      upstream,
      faulty,
      heard,
      publish,
      confirmed: () => confirmed,
      pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    };
  }

  it('is confirmed, then hears every publication as the text it was', async () => {
    const { heard, publish, confirmed, pass } = follow();
    await pass(0);
    expect(confirmed()).toBe(1);
    for (const text of ['{"a":1}', '1e2', 'a,b,c', '"x"']) await publish(text);
    await pass(0);
    expect(heard).toEqual(['{"a":1}', '1e2', 'a,b,c', '"x"']);
  });

  it('is tried again, later each time, while it is refused, and soon again once it was healthy', async () => {
    const { upstream, faulty, confirmed, pass } = follow();
    await pass(0);
    faulty.refuseSubscriptions = 3;
    faulty.endSubscriptions();
    for (const [wait, subscribed] of [
      [250, 2],
      [500, 3],
      [1_000, 4],
      [2_000, 5],
    ] as const) {
      await pass(wait - 50);
      expect(faulty.subscribed).toBe(subscribed - 1);
      await pass(50);
      expect(faulty.subscribed).toBe(subscribed);
    }
    expect(confirmed()).toBe(2);
    upstream.healthy();
    faulty.endSubscriptions();
    await pass(250);
    expect([faulty.subscribed, confirmed()]).toEqual([6, 3]);
  });

  it('is replaced when it is not confirmed in time', async () => {
    const { faulty, confirmed, pass } = follow();
    await pass(0);
    faulty.muteSubscriptions = 1;
    faulty.endSubscriptions();
    await pass(250 + STREAM_TIMINGS.confirm - 20);
    expect([faulty.subscribed, confirmed()]).toEqual([2, 1]);
    await pass(600);
    expect([faulty.subscribed, confirmed(), faulty.subscriptions]).toEqual([3, 2, 1]);
  });

  it('reports a confirmation again each time that Redis sends one', async () => {
    const { faulty, confirmed, pass } = follow();
    await pass(0);
    faulty.hear(`subscribe,${ROOM},1`);
    expect(confirmed()).toBe(2);
  });

  it('passes on a publication that overtakes the confirmation after it, because earlier events are read then', async () => {
    const { faulty, heard, confirmed, pass } = follow();
    await pass(0);
    faulty.muteSubscriptions = 1;
    faulty.endSubscriptions();
    await pass(250);
    faulty.hear(`message,${ROOM},early`);
    expect([confirmed(), heard]).toEqual([1, []]);
    faulty.hear(`subscribe,${ROOM},1`);
    faulty.hear(`message,${ROOM},late`);
    expect([confirmed(), heard]).toEqual([2, ['early', 'late']]);
  });

  it('exists once at a time, and hears nothing once it is closed', async () => {
    const { upstream, faulty, heard, publish, pass } = follow();
    await pass(0);
    upstream.open();
    await pass(0);
    expect(faulty.subscriptions).toBe(1);
    await publish('once');
    await pass(0);
    upstream.close();
    await publish('never');
    await pass(60_000);
    expect(heard).toEqual(['once']);
    expect([faulty.subscriptions, faulty.subscribed]).toEqual([0, 2]);
  });

  it('is not tried again when it was closed while it was lost', async () => {
    const { upstream, faulty, pass } = follow();
    await pass(0);
    faulty.endSubscriptions();
    upstream.close();
    await pass(60_000);
    expect(faulty.subscribed).toBe(1);
  });
});
