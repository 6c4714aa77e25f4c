import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '@/server/api';
import type { ReadBounds } from '@/server/api/large-reads';
import type { PieceBounds } from '@/server/api/piece-turns';
import { refuse, serve, type Unread } from '@/server/api/node/node-http';
import { answerOneAtATime } from '@/server/api/node/one-at-a-time';
import { handleRealtime } from '@/server/api/realtime';
import { UnreadAnswers, type UnreadBounds } from '@/server/api/node/unread-answers';
import { PEER_ADDRESS_HEADER } from '@/server/auth/origin';
import { type HubOptions, RoomHub } from '@/server/realtime/hub';
import { FILE_BYTES_DEFAULT, ROOM_FILES_BYTES_DEFAULT } from '@/domain/limits';
import type { FileLimits } from '@/domain/room';
import type { ServerContext } from '@/server/services/context';
import { LobbyBoard } from '@/server/services/lobby-board';
import type { Storage } from '@/server/storage/client';

export interface TestApp {
  readonly context: ServerContext;
  /** Sends a request to the API without a socket: `call('POST', '/api/room', { body: {} })`. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** Bytes of answers that no client has read yet. */
  readonly unread: UnreadAnswers;
  /** The same of pieces of files. */
  readonly unreadPieces: UnreadAnswers;
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

export interface AppOptions extends Pick<HubOptions, 'timings'> {
  rateLimits?: boolean;
  trustedProxies?: number;
  reads?: ReadBounds;
  pieces?: PieceBounds;
  unread?: UnreadBounds;
  /** As the settings leave them unless given; null turns files off. */
  files?: FileLimits | null;
  /** Off unless given: counting rooms costs a command. */
  publicRooms?: boolean;
  operatorToken?: string;
}

/** The API and the event stream on a storage, without Next around them. */
export async function startApp(
  storage: Storage,
  {
    rateLimits = false,
    trustedProxies = 0,
    reads,
    pieces,
    unread: bounds,
    files = { maxBytes: FILE_BYTES_DEFAULT, roomBytes: ROOM_FILES_BYTES_DEFAULT },
    publicRooms = false,
    operatorToken,
    ...streams
  }: AppOptions = {},
): Promise<TestApp> {
  const { redis } = storage;
  const hub = new RoomHub({ redis, rateLimits, countsPeople: publicRooms, ...streams });
  const { processId } = hub;
  const lobby = publicRooms ? new LobbyBoard({ redis, processId, people: () => hub.people() }) : null;
  const context: ServerContext = { storage, hub, rateLimits, files, lobby };
  const api = createApi(context, { trustedProxies, operatorToken, reads, pieces });
  const unread = new UnreadAnswers(bounds);
  const unreadPieces = new UnreadAnswers(bounds);
  const server = await listen(context, trustedProxies, api, { texts: unread, pieces: unreadPieces });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    context,
    unread,
    unreadPieces,
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
  api: ReturnType<typeof createApi>,
  unread: Unread,
): Promise<Server> {
  const server = createServer((request, response) => {
    request.headers[PEER_ADDRESS_HEADER] = request.socket.remoteAddress;
    const isStream = /^\/api\/realtime(\?|$)/.test(request.url ?? '');
    const answered = isStream
      ? handleRealtime(context, { trustedProxies }, request, response)
      : serve(api, request, response, unread);
    answered.catch((error: unknown) => refuse(response, error));
  });
  answerOneAtATime(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
