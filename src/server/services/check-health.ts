import 'server-only';
import type { ServerContext } from './context';

/** Asks Redis for a sign of life; throws `storage_unavailable` when none comes. */
export async function checkHealth({
  storage,
}: ServerContext): Promise<{ status: 'ok'; storage: ServerContext['storage']['kind'] }> {
  await storage.redis.ping();
  return { status: 'ok', storage: storage.kind };
}
