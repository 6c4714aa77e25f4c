import type { RoomView } from '@/client/api';
import { readFragment } from '@/crypto/fragment';
import type { Failure } from '@/domain/failure';
import { roomIdSchema } from '@/domain/room';
import type { PageSignal } from '@/client/page-signals';
import { createStore, type Readable } from '@/lib/store';
import { isGone } from '@/session/visit';
import { openDoor } from './door';
import { clearRoom, endGoneRoom, forgetUnsent, showEnd, showUnreachable } from './ended';
import { showAgain } from './inside';
import { recallLostSeat, type LostSeat } from './lost-seat';
import { createPageContext, showLoading, type PageContext, type PageEnvironment } from './page-context';
import { seeRoom } from './room-life';
import type { RoomScreen } from './room-screen';
import { readLink } from './link-keys';
import { enterSeat } from './enter-seat';

export interface RoomPage {
  readonly screen: Readable<RoomScreen>;
  /** Begins, and returns a function that stops. Both may be done again. */
  readonly start: () => () => void;
}

/**
 * The page of one room, from the first look to its end: it looks, and shows the door, the inside or the end. `seated`: what the
 * server drew is a member's.
 */
export function createRoomPage(roomId: string, environment: PageEnvironment, seated = false): RoomPage {
  const parsed = roomIdSchema.safeParse(roomId);
  if (!parsed.success) return MISSING;
  const context = createPageContext(environment, parsed.data, seated, (page) => void look(page));
  const { screen, leave } = context;
  return {
    screen,
    start: () => {
      const unfollow = environment.page.follow((signal) => takeSignal(context, signal));
      const unfollowAddress = environment.address.follow(() => context.look());
      context.look();
      // Beside the look: a member waits for both. Whoever needs it and does not have it asks again.
      environment.loadSession().catch(() => undefined);
      return () => {
        unfollow();
        unfollowAddress();
        leave();
        showLoading(context);
      };
    },
  };
}

/** No room has such an id. */
const MISSING: RoomPage = {
  screen: createStore<RoomScreen>({ state: 'not-found' }),
  start: () => () => undefined,
};

async function look(context: PageContext): Promise<void> {
  const { environment, roomId, clock } = context;
  const left = context.leave();
  showLoading(context);
  const lost = lostSeat(context);
  if (lost !== null) {
    context.keyless = lost.keyless === true;
    showEnd(context, lost.reason, context.draft);
    return;
  }
  const { value: answer, at } = await environment.readRoom(roomId);
  if (left.aborted) return;
  if (!answer.ok) {
    showFailure(context, answer.failure);
    return;
  }
  clock.measure(answer.value.now, at);
  await showRoom(context, answer.value, left);
}

async function showRoom(context: PageContext, view: RoomView, left: AbortSignal): Promise<void> {
  const { environment, screen } = context;
  const { you, ...room } = view;
  const { comesBack } = context;
  // Another link, or another visit, asks again.
  context.comesBack = false;
  context.seen = seeRoom(context.seen, room);
  context.keyless = !room.sealed;
  // The seat is lost, and with it the keys that open what was kept.
  if (you === null) forgetUnsent(environment, context.roomId);
  const link = await readLink(room, environment.address.hash());
  if (left.aborted) return;
  // Only the door that this look shows may join by it: not one that another link opens later.
  const { wish } = context;
  context.wish = null;
  if (typeof link === 'string') screen.set({ state: link, draft: context.draft });
  else if (you !== null) await enterSeat(context, room, you, link, left);
  else if (link.isReplaced) screen.set({ state: 'key-replaced', draft: context.draft, seated: false });
  else openDoor(context, room, link.keys, { wish, comesBack });
}

/** How this tab lost its seat, if it is still on that page. A removal drops the key, so a link that has one was opened again. */
function lostSeat({ environment: { storage, address }, roomId }: PageContext): LostSeat | null {
  const lost = recallLostSeat(storage, roomId, Date.now());
  return lost?.reason === 'removed' && readFragment(address.hash()) !== 'missing' ? null : lost;
}

function showFailure(context: PageContext, failure: Failure): void {
  const { environment, draft, screen } = context;
  if (!isGone(failure)) {
    showUnreachable(context, failure);
  } else if (draft === '') {
    clearRoom(context);
    environment.address.dropFragment();
    screen.set({ state: 'not-found' });
    // The front page, where "not found" leads, would not have what was written.
  } else endGoneRoom(context);
}

function takeSignal(context: PageContext, signal: PageSignal): void {
  const { screen, session } = context;
  const { state } = screen.get();
  if (state === 'unreachable' && (signal === 'online' || signal === 'visible')) context.look();
  if (state === 'ended' || state === 'not-found') return;
  // The picture of a page in the back/forward cache would be shown before anyone can check it.
  if (signal === 'left') showLoading(context);
  if (signal === 'restored') {
    if (session === undefined) context.look();
    else void showAgain(context, session);
  }
}
