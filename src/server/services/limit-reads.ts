import 'server-only';
import { RoomError } from '@/domain/errors';
import { type Pace, PIECES_PER_MEMBER, READS_PER_MEMBER, type Rate, WHISPERS_PER_MEMBER } from '@/domain/limits';
import type { Paced } from '@/server/storage/replies';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

/** Credentials that read too fast, by the moment from which this process asks Redis for them again. */
const refusedOf = new WeakMap<ServerContext, Map<string, number>>();
const REFUSED_MAX = 10_000;

/** The pace of one member's readings of a kind: how many at once, and the ms after which all of them are allowed again. */
export const readPace = (context: ServerContext, { burst, intervalMs }: Pace = READS_PER_MEMBER): Rate | null =>
  rateIn(context, { max: burst, windowMs: burst * intervalMs });

/** Those with a pace of their own: pieces of files, sent and read, and what is said to one member alone. */
const PACES: Partial<Record<ReadKind, Pace>> = {
  puts: PIECES_PER_MEMBER,
  gets: PIECES_PER_MEMBER,
  whispers: WHISPERS_PER_MEMBER,
};
type ReadKind =
  | 'messages'
  | 'members'
  | 'room'
  | 'removals'
  | 'epochs'
  | 'signals'
  | 'files'
  | 'puts'
  | 'gets'
  | 'whispers'
  | 'knocks'
  | 'reports';

/**
 * Reads something of a room for a member, takes something back, or signals something, at their pace. Once Redis has refused a member, this
 * process does so itself until Redis would accept them: a loop that never waits costs Redis nothing.
 *
 * @throws RoomError `rate_limited` with the time to wait
 */
export async function limitReads<Found>(
  context: ServerContext,
  kind: ReadKind,
  { roomId, tokenHash }: RoomRequest,
  read: (pace: Rate | null) => Promise<Paced<Found>>,
): Promise<Found> {
  const refused = refusedOf.get(context) ?? new Map<string, number>();
  refusedOf.set(context, refused);
  const reader = `${kind} ${roomId} ${tokenHash}`;
  const leftMs = (refused.get(reader) ?? 0) - performance.now();
  if (leftMs > 0) throw tooFast(leftMs);
  refused.delete(reader);
  const reading = await read(readPace(context, PACES[kind] ?? READS_PER_MEMBER));
  if (reading.status === 'found') return reading.found;
  if (refused.size >= REFUSED_MAX) refused.clear();
  refused.set(reader, performance.now() + reading.waitMs);
  throw tooFast(reading.waitMs);
}

const tooFast = (waitMs: number) => new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
