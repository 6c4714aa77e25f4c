import 'server-only';
import { RoomError } from '@/domain/errors';
import { KNOCK_ASKING_GAP_MS } from '@/domain/limits';
import type { RoomRequest, ServerContext } from './context';

/** More people at all doors of a process than there are; one who is forgotten is counted as a newcomer once more. */
const WAITING_MAX = 10_000;

/** Rooms and the credentials with which people wait at their doors, by the moment from which each may ask again. */
const waitingIn = new WeakMap<ServerContext, Map<string, number>>();
/** A credential holds at one door: whoever comes to another one with it counts like anybody else. */
const placeOf = ({ roomId, tokenHash }: RoomRequest) => `${roomId} ${tokenHash}`;

/**
 * Whether this process knows that somebody waits with this credential. Asking again is no new visit, so it does not count as one of
 * their address, and whoever asks too soon is refused without a command.
 *
 * @throws RoomError `rate_limited` with the time to wait
 */
export function isAtTheDoor(context: ServerContext, guest: RoomRequest): boolean {
  const againAt = waitingIn.get(context)?.get(placeOf(guest));
  if (againAt === undefined) return false;
  const leftMs = againAt - performance.now();
  if (context.rateLimits && leftMs > 0) {
    throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(leftMs / 1_000) });
  }
  return true;
}

/** Somebody goes on waiting. */
export function noteWaiting(context: ServerContext, guest: RoomRequest): void {
  const place = placeOf(guest);
  const waiting = waitingIn.get(context) ?? new Map<string, number>();
  waitingIn.set(context, waiting);
  // The one who asked last stands last.
  waiting.delete(place);
  waiting.set(place, performance.now() + KNOCK_ASKING_GAP_MS);
  const [oldest] = waiting.keys();
  if (waiting.size > WAITING_MAX && oldest !== undefined) waiting.delete(oldest);
}

/** They wait no more, whether they were let in, refused, or nobody could be asked. */
export function forgetWaiting(context: ServerContext, guest: RoomRequest): void {
  waitingIn.get(context)?.delete(placeOf(guest));
}
