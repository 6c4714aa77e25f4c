import 'server-only';
import { RoomError } from '@/domain/errors';
import { LOBBY_READS_PER_ADDRESS } from '@/domain/limits';
import type { Lobby } from '@/domain/lobby';
import type { ServerContext } from './context';

/** Addresses that read, each with the moment up to which its reads have used their pace up, by `performance.now()`. */
const readersOf = new WeakMap<ServerContext, Map<string, number>>();
const READERS_MAX = 10_000;

/** Each process for itself: a read costs it little, and Redis nothing. */
function paceReader(context: ServerContext, address: string): void {
  if (!context.rateLimits) return;
  const readers = readersOf.get(context) ?? new Map<string, number>();
  readersOf.set(context, readers);
  const { burst, intervalMs } = LOBBY_READS_PER_ADDRESS;
  const now = performance.now();
  const at = Math.max(now, readers.get(address) ?? 0) + intervalMs;
  const waitMs = at - burst * intervalMs - now;
  if (waitMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  // The address that read last stands last.
  readers.delete(address);
  readers.set(address, at);
  for (const [oldest, until] of readers) {
    if (until > now && readers.size <= READERS_MAX) break;
    readers.delete(oldest);
  }
}

/**
 * People and rooms of the site, and its public rooms.
 *
 * @throws RoomError `lobby_off` where there are none
 */
export async function readLobby(context: ServerContext, address: string): Promise<Lobby> {
  if (context.lobby === null) throw new RoomError('lobby_off');
  paceReader(context, address);
  return context.lobby.read();
}
