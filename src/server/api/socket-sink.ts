import 'server-only';
import type { ServerResponse } from 'node:http';
import type { ListenToRoom } from '@/server/services/listen-to-room';

type Sink = ReturnType<ListenToRoom['openSink']>;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps compression away, which would hold events back and costs 200 kB a stream.
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
};

/** Opens an event stream on a Node response and gives what writes to it. */
export function socketSink(response: ServerResponse): Sink {
  response.writeHead(200, HEADERS);
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  return {
    write: (bytes) => void response.write(bytes),
    get backlogBytes() {
      return response.writableLength;
    },
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  };
}
