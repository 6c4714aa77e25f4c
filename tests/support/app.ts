import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '@/server/api';
import { handleRealtime } from '@/server/api/realtime';
import { PEER_ADDRESS_HEADER } from '@/server/auth/origin';
import { type HubOptions, RoomHub } from '@/server/realtime/hub';
import type { ServerContext } from '@/server/services/context';
import type { Storage } from '@/server/storage/client';

export interface TestApp {
  readonly context: ServerContext;
  /** A request to the API without a socket: `call('POST', '/api/room', { body: {} })`. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** `http://127.0.0.1:<port>`: the API and the event stream over real sockets. */
  readonly url: string;
  /** Breaks every connection, as a network does. */
  dropConnections(): void;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
}

export interface AppOptions extends Pick<HubOptions, 'maxStreamMs' | 'timings'> {
  rateLimits?: boolean;
  trustedProxies?: number;
}

/** The API and the event stream over a storage, without Next around them. */
export async function startApp(
  storage: Storage,
  { rateLimits = false, trustedProxies = 0, ...streams }: AppOptions = {},
): Promise<TestApp> {
  const hub = new RoomHub({ redis: storage.redis, rateLimits, ...streams });
  const context: ServerContext = { storage, hub, rateLimits };
  const api = createApi(context, { trustedProxies });
  const server = await listen(context, trustedProxies, (request) => api.fetch(request));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    context,
    url,
    call: async (method, path, { body, token, headers = {} } = {}) =>
      api.fetch(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            host: 'localhost',
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
    dropConnections: () => server.closeAllConnections(),
    close: async () => {
      await hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(
  context: ServerContext,
  trustedProxies: number,
  fetchApi: (request: Request) => Response | Promise<Response>,
): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    incoming.headers[PEER_ADDRESS_HEADER] = incoming.socket.remoteAddress;
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`);
    if (url.pathname === '/api/realtime') {
      void handleRealtime(context, { trustedProxies }, incoming, outgoing);
      return;
    }
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value));
      const body = chunks.length === 0 ? null : new Uint8Array(Buffer.concat(chunks));
      void Promise.resolve(fetchApi(new Request(url, { method: incoming.method ?? 'GET', headers, body }))).then(async (answer) => {
        outgoing.writeHead(answer.status, [...answer.headers].flat());
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
