import type { RoomKeys } from '@/crypto/room-keys';
import type { Failure } from '@/domain/failure';
import type { Room, Seat } from '@/domain/room';
import { isGone } from '@/session/visit';
import { endGoneRoom, showUnreachable } from './ended';
import { enterRoom } from './inside';
import type { PageContext } from './page-context';
import { takeSeat } from './seat-keys';
import { usualName } from './usual-name';

/** A seat moves once a minute; a server that says nothing about it is asked again after this. */
const MOVE_AGAIN_MS = 60_000;

/** The server was not reached: whether it would move the seat is not known. */
const LINE_FAILURES: readonly Failure['reason'][] = ['unreachable', 'offline'];

/**
 * The seat is there and its keys are not, as when somebody clears the browser's storage: by the credential, which the cookie still
 * has, the seat moves to new keys.
 */
export async function moveSeat(
  context: PageContext,
  room: Room,
  seat: Seat,
  keys: RoomKeys,
  left: AbortSignal,
): Promise<void> {
  const { environment, roomId, clock } = context;
  const { identities } = environment;
  const waitMs = context.movedAt + MOVE_AGAIN_MS - Date.now();
  if (waitMs > 0) {
    // A server that names one seat after the other would have the page move without end.
    await readWithoutKeys(context, room, seat, keys, waitMs);
    return;
  }
  context.movedAt = Date.now();
  // Keys that are kept go first, whatever seat the server names: they are given up only where they have had theirs.
  const { value: answer, at } = await takeSeat(context, room, keys, usualName(environment));
  const spent = !answer.ok && answer.failure.reason === 'member_id_taken' ? await identities.load(roomId) : null;
  if (spent !== null) await identities.discard(roomId, spent.identity.memberId);
  if (left.aborted) return;
  if (answer.ok) {
    const taken = answer.value;
    if ('knockId' in taken) {
      // The credential holds no seat any more.
      environment.forget(roomId);
      context.look();
      return;
    }
    const { memberId, owner, ...joined } = taken.seated;
    clock.measure(joined.now, at);
    await enterRoom(context, { room: joined, seat: { memberId, owner }, keys, kept: taken.kept });
  } else if (isGone(answer.failure)) endGoneRoom(context);
  else if (LINE_FAILURES.includes(answer.failure.reason)) showUnreachable(context, answer.failure);
  else await readWithoutKeys(context, room, seat, keys, waitOf(answer.failure));
}

const waitOf = ({ retryAfterSeconds }: Failure) =>
  retryAfterSeconds === undefined ? MOVE_AGAIN_MS : retryAfterSeconds * 1_000;

/** Shows what is said to a member who cannot speak yet, and moves the seat as soon as the server takes that. */
async function readWithoutKeys(context: PageContext, room: Room, seat: Seat, keys: RoomKeys, waitMs: number) {
  const left = await enterRoom(context, { room, seat, keys, kept: null });
  if (left.aborted) return;
  const again = setTimeout(() => {
    context.movedAt = -Infinity;
    context.draft = context.session?.composer.get().draft ?? '';
    context.look();
  }, waitMs);
  left.addEventListener('abort', () => clearTimeout(again));
}
