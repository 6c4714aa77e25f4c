import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { socketSink } from '@/server/api/node/socket-sink';
import { Listener, type Sink } from '@/server/realtime/listener';
import { eventually } from '@tests/support/eventually';
import { connectRaw, type RawConnection, rawRequest } from '@tests/support/raw-connection';

const MEMBER = memberIdSchema.parse('m'.repeat(16));
const FRAME = Buffer.alloc(16_384, '.');
const FAR_BEHIND = 3 * 1_048_576;

interface Stream {
  listener: Listener;
  sink: Sink;
  reader: RawConnection;
  response: ServerResponse;
}

let close: () => Promise<unknown>;
async function openStream(): Promise<Stream> {
  const opened: Omit<Stream, 'reader'>[] = [];
  const server = createServer((_, response) => {
    const sink = socketSink(response);
    opened.push({ sink, response, listener: new Listener(MEMBER, sink) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const reader = await connectRaw(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  reader.socket.write(rawRequest('/'));
  await eventually(() => expect(reader.heard()).toContain('event-stream'));
  reader.socket.pause();
  const [stream] = opened;
  if (stream === undefined) throw new Error('The server was not asked.');
  return { ...stream, reader };
}

/** Writes until this much waits for the reader, beyond what the system buffers for it. */
async function fallBehind({ listener, sink }: Stream): Promise<void> {
  while (sink.backlogBytes < FAR_BEHIND) {
    expect(listener.write(FRAME)).toBe(true);
    await turn();
  }
}

describe('a listener over a socket', () => {
  // Only this clock decides what counts as slow.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(async () => {
    vi.useRealTimers();
    await close();
  });

  it('that reads slowly, far behind, keeps its stream and misses nothing; once it reads nothing, it is dropped', async () => {
    const stream = await openStream();
    const { listener, sink, reader } = stream;
    for (let round = 0; round < 10; round += 1) {
      await fallBehind(stream);
      reader.socket.resume();
      for (const before = sink.backlogBytes; sink.backlogBytes >= before;) await turn();
      reader.socket.pause();
      vi.advanceTimersByTime(9_999);
      expect(listener.write(FRAME)).toBe(true);
    }
    await fallBehind(stream);
    vi.advanceTimersByTime(10_000);
    expect(listener.write(FRAME)).toBe(false);
    expect(listener.open).toBe(false);
    reader.socket.resume();
    await eventually(() => expect(reader.closed()).toBe(true));
    expect(reader.heard().slice(reader.heard().indexOf('\r\n\r\n') + 4)).toMatch(/^\.+$/);
  });

  it('hears everything that waited for it in order, to the last word', async () => {
    const stream = await openStream();
    const { listener, reader } = stream;
    await fallBehind(stream);
    for (const word of ['one', 'two', 'three']) listener.write(Buffer.from(word));
    listener.end(Buffer.from('four'));
    reader.socket.resume();
    await eventually(() => expect(reader.closed()).toBe(true));
    expect(reader.heard()).toMatch(/\.onetwothreefour$/);
  });

  it('is seen to read piece by piece, not only when it has read everything', async () => {
    const stream = await openStream();
    await fallBehind(stream);
    const { sink, response } = stream;
    expect(response.socket?.writableLength).toBeLessThan(65_536 + FRAME.length);
    expect(sink.backlogBytes).toBeGreaterThanOrEqual(FAR_BEHIND);
    const drained = vi.fn();
    void sink.drained().then(drained);
    await turn();
    expect(drained).not.toHaveBeenCalled();
    stream.reader.socket.resume();
    await eventually(() => expect(drained).toHaveBeenCalled());
    expect(sink.backlogBytes).toBe(0);
  });
});
