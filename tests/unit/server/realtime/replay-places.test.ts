import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { Listener } from '@/server/realtime/listener';
import { ReplayPlaces } from '@/server/realtime/replay-places';
import { memorySink } from '@tests/support/memory-sink';

const MEMBER = memberIdSchema.parse('M'.repeat(16));
const reader = () => {
  const sink = memorySink();
  return { sink, listener: new Listener(MEMBER, sink) };
};

describe('the streams that are replayed at once', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function taken(places: ReplayPlaces, listener: Listener): Promise<() => boolean> {
    let has = false;
    void places.take(listener).then(() => (has = true));
    await vi.advanceTimersByTimeAsync(0);
    return () => has;
  }

  it('are no more than there are places; the next one begins when one has ended', async () => {
    const places = new ReplayPlaces(2);
    const [one, two, three] = [reader(), reader(), reader()];
    expect((await taken(places, one.listener))()).toBe(true);
    expect((await taken(places, two.listener))()).toBe(true);
    const waits = await taken(places, three.listener);
    expect(waits()).toBe(false);
    places.give(two.listener);
    await vi.advanceTimersByTimeAsync(0);
    expect(waits()).toBe(true);
    expect(one.listener.open).toBe(true);
  });

  it('lose the one that takes longest when somebody waits, and none when nobody does', async () => {
    const places = new ReplayPlaces(2);
    const [slow, other, next] = [reader(), reader(), reader()];
    await places.take(slow.listener);
    await vi.advanceTimersByTimeAsync(1_000);
    await places.take(other.listener);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(slow.listener.open).toBe(true);
    const waits = await taken(places, next.listener);
    expect(waits()).toBe(true);
    expect(slow.sink.state).toBe('destroyed');
    expect(other.listener.open).toBe(true);
  });

  it('wait no longer than it takes for the slowest to have had its time', async () => {
    const places = new ReplayPlaces(1);
    const [slow, next] = [reader(), reader()];
    await places.take(slow.listener);
    const waits = await taken(places, next.listener);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(waits()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(waits()).toBe(true);
  });
});
