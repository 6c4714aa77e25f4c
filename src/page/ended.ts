import type { Failure } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import { clearShelves } from '@/session/shelf-names';
import { endReasonOf, type EndReason } from '@/session/visit';
import { forgetLostSeat } from './lost-seat';
import { lifeOf } from './room-life';
import type { PageContext, PageEnvironment } from './page-context';
import { noteUnseated } from './stay';

/** After these the room goes on without this person, who may come back: the key stays in the address. */
const MAY_JOIN_AGAIN: readonly EndReason[] = ['left', 'displaced', 'signed-out'];

/** After these it has ended for everybody, and nothing is left to explain. */
const IS_OVER: readonly EndReason[] = ['expired', 'destroyed'];

/** The room has ended for this person. */
export function endRoom(context: PageContext, reason: EndReason, draft = context.draft): void {
  clearRoom(context);
  showEnd(context, reason, draft);
}

/** The room is found gone. */
export function endGoneRoom(context: PageContext): void {
  endRoom(context, endReasonOf(context.seen?.expiresAt ?? 0, context.clock.now));
}

/** The server could not be reached; the page looks again when asked to, and when the network is back. */
export function showUnreachable({ environment: { page }, screen, draft, look }: PageContext, failure: Failure): void {
  // A newer server may no longer have the parts of this page.
  const retry = () => (page.isOutdated() ? page.reload() : look());
  screen.set({ state: 'unreachable', failure, draft, retry });
}

export function showEnd(context: PageContext, reason: EndReason, draft: string): void {
  const { environment, roomId, keyless, screen, look, seen, clock, offer } = context;
  context.draft = draft;
  const keepsKey = MAY_JOIN_AGAIN.includes(reason);
  if (!keepsKey) environment.address.dropFragment();
  if (!keepsKey && !(reason === 'removed' && keyless)) {
    // A room that expired lived its whole time, also where this page's clock is a little behind.
    const endedAt = reason === 'expired' ? Infinity : clock.now();
    const life = IS_OVER.includes(reason) && seen !== null ? { life: lifeOf(seen, endedAt) } : {};
    const goesOn = reason !== 'removed' && offer !== null;
    screen.set({ state: 'ended', reason, draft, ...life, ...(goesOn && { offer }) });
    return;
  }
  const joinAgain = () => {
    forgetLostSeat(environment.storage, roomId);
    context.comesBack = reason === 'left';
    look();
  };
  screen.set({ state: 'ended', reason, draft, joinAgain });
}

/** Nothing of the room stays on this page, except for the key in its address. */
export function clearRoom(context: PageContext): void {
  const { environment, roomId, leave } = context;
  leave();
  noteUnseated(context);
  environment.forget(roomId);
  forgetUnsent(environment, roomId);
}

/** What any page of this browser has kept for the room, in whatever tab. */
export function forgetUnsent({ storage, lasting }: PageEnvironment, roomId: RoomId): void {
  clearShelves(lasting === undefined ? [storage] : [storage, lasting.storage], roomId);
}
