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

  it('is let go with a megabyte waiting, and not before', () => {
    const { sink, listener } = listening();
    sink.stall();
    let written = 0;
    while (listener.write(word(65_536 - 21))) written += 1;
    expect(written).toBe(16);
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
    expect(listener.write(word())).toBe(false);
  });

  it('hears a last word and then nothing, whatever is still said', () => {
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

  it('is let go when it takes nothing of a replay for too long', async () => {
    const { sink, listener } = listening();
    sink.stall();
    listener.write(word(300_000));
    const ready = listener.ready(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await ready;
    expect([listener.open, sink.state]).toEqual([false, 'destroyed']);
  });
});
