import 'server-only';
import { RoomError } from '@/domain/errors';
import { READS_PER_MEMBER } from '@/domain/limits';
import type { ServerContext } from './context';
import type { RoomRequest } from './reply';

/** Credentials that read too fast, by the moment from which this process asks Redis for them again. */
const refusedOf = new WeakMap<ServerContext, Map<string, number>>();
const REFUSED_MAX = 10_000;

/** The pace of one member's readings of a kind as scripts take it: so many at once, and the ms in which all of them are allowed again. */
export const readArguments = ({ rateLimits }: ServerContext): [number, number] => [
  rateLimits ? READS_PER_MEMBER.burst : 0,
  READS_PER_MEMBER.burst * READS_PER_MEMBER.intervalMs,
];

/**
 * Runs a script that reads something of a room for a member, and that counts their pace. Whom it refused is refused
 * by this process until it would not be: a loop that never waits costs Redis nothing. Gives the script's answer.
 */
export async function limitReads(
  context: ServerContext,
  kind: 'messages' | 'members' | 'room',
  { roomId, tokenHash }: RoomRequest,
  runScript: () => Promise<unknown[]>,
): Promise<unknown[]> {
  const refused = refusedOf.get(context) ?? new Map<string, number>();
  refusedOf.set(context, refused);
  const reader = `${kind} ${roomId} ${tokenHash}`;
  const leftMs = (refused.get(reader) ?? 0) - performance.now();
  if (leftMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(leftMs / 1_000) });
  refused.delete(reader);
  const reply = await runScript();
  const [status, waitMs] = reply;
  if (status !== 'rate_limited') return reply;
  if (refused.size >= REFUSED_MAX) refused.clear();
  refused.set(reader, performance.now() + Number(waitMs));
  return reply;
}
