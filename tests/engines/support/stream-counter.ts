import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Streams {
  /** How many event streams were requested so far. */
  readonly requested: number;
  /** How many of them are still open. */
  readonly open: number;
}

export interface StreamCounter {
  readonly url: string;
  /** The event streams of one engine in one room. */
  streamsOf(userAgent: RegExp, roomId: string): Streams;
  stop(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1 that passes everything on to `targetPort` there and counts event streams. */
export async function startStreamCounter(targetPort: number): Promise<StreamCounter> {
  const seen: { userAgent: string; roomId: string; open: boolean }[] = [];
  const server = createServer((incoming, answer) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://counter');
    if (pathname === '/api/realtime') {
      const stream = {
        userAgent: incoming.headers['user-agent'] ?? '',
        roomId: searchParams.get('channel') ?? '',
        open: true,
      };
      seen.push(stream);
      answer.once('close', () => {
        stream.open = false;
      });
    }
    const { url: path, method, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port: targetPort, path, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
      response.once('error', () => answer.destroy());
    });
    outgoing.once('error', () => answer.destroy());
    answer.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streamsOf: (userAgent, roomId) => {
      const streams = seen.filter((stream) => userAgent.test(stream.userAgent) && stream.roomId === roomId);
      return { requested: streams.length, open: streams.filter(({ open }) => open).length };
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
