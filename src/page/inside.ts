import type { RoomKeys } from '@/crypto/room-keys';
import type { Room, Seat } from '@/domain/room';
import type { RunningSession } from '@/session/running-session';
import { warnBeforeClosing } from './close-warning';
import { clearRoom, endRoom, showUnreachable } from './ended';
import type { KeptIdentity } from './identity-store';
import { shareKeys } from './keys-of-other-tabs';
import { knockKey } from './knock-key';
import { forgetLostSeat, rememberLostSeat } from './lost-seat';
import type { OpenSession, PageContext, PageEnvironment } from './page-context';
import { seeRoom } from './room-life';
import { noteSeated } from './stay';
import { usualName } from './usual-name';

/** A member's way in: the seat, and what opens the room. */
export interface Entry {
  readonly room: Room;
  readonly seat: Seat;
  /** Of the link; null in a plain room. */
  readonly keys: RoomKeys | null;
  /** Null in a plain room, and where the keys of the seat are lost: the page reads on and cannot speak. */
  readonly kept: KeptIdentity | null;
  /** Was just chosen; without one, the member goes by the name that this tab used last. */
  readonly newName?: string;
}

/** Shows the room to a member, as soon as the part of the program that does is there. Returns the signal that this screen is left. */
export async function enterRoom(context: PageContext, entry: Entry): Promise<AbortSignal> {
  const left = context.leave();
  noteSeated(context, entry.room);
  let openSession;
  try {
    openSession = await context.environment.loadSession();
  } catch {
    // The seat is taken, and the next look finds it.
    if (!left.aborted)
      showUnreachable(context, { reason: context.environment.page.isOnline() ? 'unreachable' : 'offline' });
    return left;
  }
  if (!left.aborted) showInside(context, entry, openSession, left);
  return left;
}

function showInside(
  context: PageContext,
  { room, seat, keys, kept, newName }: Entry,
  openSession: OpenSession,
  left: AbortSignal,
): void {
  const { environment, roomId, clock, screen } = context;
  const { storage, identities, address } = environment;
  // Texts sealed for keys that go with the page could never be opened.
  const lasting = identities.isLasting() ? environment.lasting : undefined;
  const endsAt = clock.toBrowserTime(room.expiresAt);
  // Its end may have moved since they were made, and a page load may have purged them meanwhile.
  if (kept !== null) void identities.add(roomId, { ...kept, endsAt }).then(() => identities.noteEnd(roomId, endsAt));
  // Nobody waits at the door any more.
  storage.removeItem(knockKey(roomId));
  // Caches know the room from before.
  environment.forget(roomId);
  forgetLostSeat(storage, roomId);
  const visited: PageEnvironment = { ...environment, lasting };
  const session = openSession(visited, {
    room,
    seat,
    keys,
    identity: kept?.identity ?? null,
    lowestEpoch: kept?.epoch ?? 0,
    name: newName ?? usualName(environment),
    // In a sealed room the card said it, with which the seat was taken.
    nameIsNew: newName !== undefined && !room.sealed,
    clock,
    linkOf: address.linkWith,
    onSecret: (secret, epoch) => {
      address.replaceFragment(secret);
      void identities.noteEpoch(roomId, epoch);
    },
    onEndMoved: (longer) => {
      context.seen = seeRoom(context.seen, longer);
      environment.forget(roomId);
      noteSeated(context, longer);
      void identities.noteEnd(roomId, clock.toBrowserTime(longer.expiresAt));
    },
    onEnd: (reason, draft, people, offer) => {
      const { createdAt, expiresAt, listed } = session.info.get().room;
      if (reason === 'removed' || reason === 'displaced') {
        const endsAt = clock.toBrowserTime(expiresAt);
        // A room on the front page takes nobody back who was removed, whatever its address opens.
        if (listed) context.keyless = false;
        rememberLostSeat(storage, roomId, { endsAt, reason, keyless: context.keyless });
      }
      // Keys serve one seat.
      void identities.discard(roomId, seat.memberId);
      context.seen = { createdAt, expiresAt, people };
      context.offer = offer;
      endRoom(context, reason, draft);
    },
    onReseated: (draft) => {
      context.draft = draft;
      clearRoom(context);
      context.look();
    },
  });
  session.setDraft(context.draft);
  context.draft = '';
  context.session = session;
  left.addEventListener('abort', session.stop);
  left.addEventListener('abort', warnBeforeClosing(environment.setCloseWarning, session));
  if (kept !== null) {
    const keptNow = () => ({ ...kept, endsAt: clock.toBrowserTime(session.info.get().room.expiresAt) });
    left.addEventListener('abort', shareKeys(environment.openKeyChannel, roomId, keptNow));
  }
  session.start();
  screen.set(insideOf(context, session));
}

const insideOf = ({ environment, keyless }: PageContext, session: RunningSession) =>
  ({ state: 'inside', session, hasFleetingKeys: !keyless && !environment.identities.isLasting() }) as const;

/** Shows a page that comes back from the back/forward cache, once it is known that the seat still exists. */
export async function showAgain(context: PageContext, session: RunningSession): Promise<void> {
  const failure = await session.confirm();
  // The session may have ended meanwhile, or the page may show something else.
  if (context.session !== session) return;
  if (failure === null) context.screen.set(insideOf(context, session));
  else context.screen.set({ state: 'unreachable', failure, draft: '', retry: () => void showAgain(context, session) });
}
