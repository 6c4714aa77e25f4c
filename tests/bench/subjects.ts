import { startBuiltServer } from '../../scripts/built-server.mjs';
import { startUpstashBridge } from '@tests/support/upstash-bridge';
import { mayflyRoom, rawRoom, type Room, socketIoRoom, stockRoom } from './clients';
import { type Running, startBuilt, type StartBuilt, startPlain } from './running';

export const SUBJECT_IDS = [
  'raw',
  'socket-io',
  'stock-rest',
  'stock-tcp',
  'mayfly-rest',
  'mayfly',
  'mayfly-again',
  'mayfly-routed',
] as const;
export type SubjectId = (typeof SUBJECT_IDS)[number];

/** One way to bring a message to everybody in a room. */
export interface Subject {
  readonly title: string;
  readonly start: () => Promise<Running>;
  readonly openRoom: (url: string, members: number) => Room | Promise<Room>;
}

/** A server whose Redis is behind Upstash's REST interface, reached with the library's own client. */
async function overRest(
  redisUrl: string,
  start: (settings: Record<string, string>) => Promise<Running>,
): Promise<Running> {
  const bridge = await startUpstashBridge(redisUrl);
  const server = await start({ UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      await bridge.stop();
    },
  };
}

/** All use the same Redis. `startVariant` starts the build that has the routes of `overlay`. */
export function subjectsOver(redisUrl: string, startVariant: StartBuilt): Record<SubjectId, Subject> {
  const tcp = { REDIS_URL: redisUrl };
  const mayfly = {
    start: () => startBuilt(startBuiltServer, tcp),
    openRoom: (url: string, members: number) => mayflyRoom(url, members),
  };
  return {
    raw: { title: 'raw Node SSE, in one process', start: () => startPlain('raw-sse.mjs'), openRoom: rawRoom },
    'socket-io': {
      title: 'socket.io, in one process',
      start: () => startPlain('socket-io.mjs'),
      openRoom: socketIoRoom,
    },
    'stock-rest': {
      title: '@upstash/realtime in Next, over Upstash REST',
      start: () => overRest(redisUrl, (settings) => startBuilt(startVariant, settings)),
      openRoom: stockRoom,
    },
    'stock-tcp': {
      title: '@upstash/realtime in Next, over Mayfly’s TCP storage',
      start: () => startBuilt(startVariant, tcp),
      openRoom: stockRoom,
    },
    'mayfly-rest': {
      title: 'Mayfly, over Upstash REST',
      start: () => overRest(redisUrl, (settings) => startBuilt(startBuiltServer, settings)),
      openRoom: (url, members) => mayflyRoom(url, members),
    },
    mayfly: { title: 'Mayfly, over TCP', ...mayfly },
    'mayfly-again': { title: 'Mayfly, over TCP, once more', ...mayfly },
    'mayfly-routed': {
      title: 'Mayfly as route handlers of the App Router, over TCP',
      start: () => startBuilt(startVariant, tcp),
      openRoom: (url, members) => mayflyRoom(url, members, '/api/bench/routed'),
    },
  };
}
