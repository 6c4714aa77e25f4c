import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { Listener } from '@/server/realtime/listener';
import { pingFrame } from '@/server/realtime/wire';
import { memorySink } from '@tests/support/memory-sink';

const MEMBER = memberIdSchema.parse('m'.repeat(16));
const word = (size = 0) => Buffer.from(`data: ${JSON.stringify({ word: '.'.repeat(size) })}\n\n`);

function listening() {
  const sink = memorySink();
  return { sink, listener: new Listener(MEMBER, sink) };
}

describe('a listener', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes words on as they come', () => {
    const { sink, listener } = listening();
    expect(listener.write(pingFrame(7))).toBe(true);
    expect(sink.words).toEqual([{ type: 'ping', timestamp: 7 }]);
  });

  it('is disconnected when it has taken nothing of a waiting megabyte for ten seconds, and not before', () => {
    const { sink, listener } = listening();
    sink.stall();
    vi.advanceTimersByTime(60_000);
    for (let count = 0; count < 20; count += 1) expect(listener.write(word(65_536 - 21))).toBe(true);
    vi.advanceTimersByTime(9_999);
    expect(listener.write(pingFrame(1))).toBe(true);
    vi.advanceTimersByTime(1);
    expect(listener.write(pingFrame(2))).toBe(false);
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
    expect(listener.write(word())).toBe(false);
  });

  it('may stall for long with less than a megabyte waiting', () => {
    const { sink, listener } = listening();
    sink.stall();
    listener.write(word(1_000_000));
    vi.advanceTimersByTime(600_000);
    expect(listener.write(pingFrame(1))).toBe(true);
  });

  it('that reads slowly keeps its stream, however long more than a megabyte is waiting', () => {
    const { sink, listener } = listening();
    sink.stall();
    for (let count = 0; count < 32; count += 1) listener.write(word(65_536 - 21));
    for (let count = 0; count < 100; count += 1) {
      sink.take(65_536);
      vi.advanceTimersByTime(9_999);
      expect(listener.write(word(65_536 - 21))).toBe(true);
    }
    expect(sink.backlogBytes).toBeGreaterThan(1_048_576);
  });

  it('that caught up for a while has the whole time again', () => {
    const { sink, listener } = listening();
    sink.stall();
    listener.write(word(2_000_000));
    vi.advanceTimersByTime(9_000);
    sink.drain();
    listener.write(pingFrame(1));
    sink.stall();
    listener.write(word(2_000_000));
    vi.advanceTimersByTime(9_000);
    expect(listener.write(pingFrame(2))).toBe(true);
  });

  it('is disconnected at once with four megabytes waiting, even when it reads', () => {
    const { sink, listener } = listening();
    sink.stall();
    let written = 0;
    while (listener.write(word(65_536 - 21))) {
      written += 1;
      sink.take(1);
    }
    expect(written).toBe(64);
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
  });

  it('receives the last bytes and then nothing, whatever is still written', () => {
    const { sink, listener } = listening();
    listener.end(pingFrame(1));
    listener.end(pingFrame(2));
    listener.write(pingFrame(3));
    expect(sink.words).toEqual([{ type: 'ping', timestamp: 1 }]);
    expect([listener.open, sink.state]).toEqual([false, 'ended']);
  });

  it('is not written to when its other side has closed', () => {
    const { sink, listener } = listening();
    listener.closed();
    listener.write(word());
    listener.end(word());
    expect([sink.words, sink.state]).toEqual([[], 'open']);
  });

  it('makes a replay wait while a quarter of a megabyte waits, until it has read', async () => {
    const { sink, listener } = listening();
    await listener.ready(1_000);
    sink.stall();
    listener.write(word(300_000));
    const ready = vi.fn();
    void listener.ready(1_000).then(ready);
    await vi.advanceTimersByTimeAsync(900);
    expect(ready).not.toHaveBeenCalled();
    sink.drain();
    await vi.advanceTimersByTimeAsync(200);
    expect(ready).toHaveBeenCalled();
    expect(listener.open).toBe(true);
  });

  it('has all the time for a replay while it takes some of it', async () => {
    const { sink, listener } = listening();
    sink.stall();
    listener.write(word(300_000));
    void listener.ready(1_000);
    for (let turn = 0; turn < 10; turn += 1) {
      await vi.advanceTimersByTimeAsync(900);
      sink.take(1_000);
    }
    expect(listener.open).toBe(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
  });

  it('is disconnected when it takes nothing of a replay for too long', async () => {
    const { sink, listener } = listening();
    sink.stall();
    listener.write(word(300_000));
    const ready = listener.ready(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await ready;
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
  });
});
