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
  return {
    write: (bytes) => void wire.write(bytes),
    get backlogBytes() {
      return wire.writableLength;
    },
    drained: () =>
      new Promise((resolve) => {
        if (response.destroyed || !wire.writableNeedDrain) {
          resolve();
          return;
        }
        const settle = () => {
          wire.off('drain', settle);
          response.off('close', settle);
          resolve();
        };
        wire.on('drain', settle);
        response.on('close', settle);
      }),
    end: () => {
      const timer = setTimeout(() => response.destroy(), LAST_WORD_MS).unref();
      response.end(() => clearTimeout(timer));
    },
    destroy: () => void response.destroy(),
  };
}
