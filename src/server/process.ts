import 'server-only';
import { RoomHub } from '@/server/realtime/hub';
import type { ServerContext } from '@/server/services/context';
import { LobbyBoard } from '@/server/services/lobby-board';
import { storage } from '@/server/storage/client';
import { env } from './env';

/** On `globalThis`, so hot reload and Next's separate bundles share one hub. */
const SLOT = Symbol.for('mayfly.context');
const holder: typeof globalThis & { [SLOT]?: Promise<ServerContext> | undefined } = globalThis;

async function createContext(): Promise<ServerContext> {
  const { rateLimits, files, site } = env();
  const opened = await storage();
  const { redis } = opened;
  const hub = new RoomHub({ redis, rateLimits, countsPeople: site.publicRooms });
  const { processId } = hub;
  const lobby = site.publicRooms ? new LobbyBoard({ redis, processId, people: () => hub.people() }) : null;
  return { storage: opened, hub, rateLimits, files, lobby };
}

/** Returns the context that this process's use cases need. The first caller makes it; after a failure, the next one tries again. */
export function serverContext(): Promise<ServerContext> {
  if (holder[SLOT]) return holder[SLOT];
  const creating = createContext();
  holder[SLOT] = creating;
  creating.catch(() => {
    if (holder[SLOT] === creating) holder[SLOT] = undefined;
  });
  return creating;
}

/**
 * Ends all streams, so that their clients come back elsewhere. The storage stays open: requests under way still finish, and
 * it closes with the process.
 */
export async function closeStreams(): Promise<void> {
  const context = await holder[SLOT]?.catch(() => undefined);
  await context?.hub.close();
}
