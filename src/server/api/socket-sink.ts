import 'server-only';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { ListenToRoom } from '@/server/services/listen-to-room';

type Sink = ReturnType<ListenToRoom['openSink']>;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps compression away, which would hold events back and costs 200 kB a stream.
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
  // The end of the stream is the end of the connection, so that its bytes need no frames of chunks around them.
  connection: 'close',
};

/**
 * What a socket holds at most before the rest waits here. It takes what it holds as one, and says only when
 * all of it has gone: of a slow reader's megabyte nobody would see that it is being read.
 */
const HELD_BYTES = 65_536;

/** A reader that has stalled never takes the last word: its socket goes without. */
const LAST_WORD_MS = 5_000;

/**
 * Opens an event stream on a Node response and gives what writes to it. Once the head is out, bytes go
 * to the socket itself: an eighth less CPU for each delivery than by way of the response (docs/benchmarks.md).
 */
export function socketSink(response: ServerResponse): Sink {
  response.removeHeader('transfer-encoding');
  response.writeHead(200, HEADERS);
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  // A response has no socket when its reader has gone, or before its turn on a shared connection comes.
  const wire: Writable = response.socket ?? response;
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let drained: (() => void)[] = [];
  const isFull = () => wire.writableNeedDrain && wire.writableLength >= HELD_BYTES;
  const passOn = (isEnough: () => boolean) => {
    let passed = 0;
    for (const bytes of waiting) {
      if (isEnough()) break;
      wire.write(bytes);
      waitingBytes -= bytes.byteLength;
      passed += 1;
    }
    waiting.splice(0, passed);
  };
  const settle = () => {
    for (const resolve of drained) resolve();
    drained = [];
  };
  wire.on('drain', () => {
    passOn(isFull);
    if (!wire.writableNeedDrain) settle();
  });
  response.once('close', settle);
  return {
    write: (bytes) => {
      if (waiting.length === 0 && !isFull()) {
        wire.write(bytes);
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.byteLength;
    },
    get backlogBytes() {
      return waitingBytes + wire.writableLength;
    },
    drained: () =>
      new Promise((resolve) => {
        if (response.destroyed || !wire.writableNeedDrain) resolve();
        else drained.push(resolve);
      }),
    end: () => {
      passOn(() => false);
      const timer = setTimeout(() => response.destroy(), LAST_WORD_MS).unref();
      response.end(() => clearTimeout(timer));
    },
    destroy: () => void response.destroy(),
  };
}
