import type { RoomKeys } from '@/crypto/room-keys';
import type { Answer, Failure } from '@/domain/failure';
import { canLastLonger } from '@/domain/extension';
import { isClosed, type Room } from '@/domain/room';
import { nameFault } from '@/domain/text-rules';
import { arrived, createDeferred } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import { followExpiry } from '@/session/expiry';
import { rememberName } from '@/session/people/own-name';
import { timed, type Timed } from '@/session/server-clock';
import { isGone } from '@/session/visit';
import { endGoneRoom, endRoom } from './ended';
import { enterRoom } from './inside';
import { knockKey } from './knock-key';
import type { PageContext } from './page-context';
import { seeRoom } from './room-life';
import type { Door } from './room-screen';
import { takeSeat, type Taken } from './seat-keys';
import { noteUnseated } from './stay';
import { usualName } from './usual-name';
import type { JoinOutcome, WaitingRoom } from './waiting';

/** Most rooms let everybody in who has the link. */
const waitingPart = createDeferred(() => import('./waiting'));

/** A guest at the door sees changes of seats and lock at least this often. */
const DOOR_POLL_MS = 10_000;

/** The link was replaced since this page looked, or another tab of this browser is seated with the same keys: a look says which. */
const LOOKS_AGAIN: readonly Failure['reason'][] = ['wrong_key', 'epoch_changed', 'member_id_taken'];

/** How long a door whose time is up waits to hear that it is not. */
const ASKING_MS = 4_000;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Arrival {
  /** The name under which joining was asked for before the room was read. */
  readonly wish: string | null;
  /** Goes in at once, under the usual name; the door is shown if that is refused. */
  readonly comesBack: boolean;
}

/** Shows the room to a guest, who may join. */
export function openDoor(context: PageContext, room: Room, keys: RoomKeys | null, { wish, comesBack }: Arrival): void {
  const { environment, clock, screen, draft } = context;
  const { api, storage } = environment;
  const left = context.leave();

  const shown = (): Door | null => {
    const door = screen.get();
    return door.state === 'door' ? door : null;
  };
  const update = (change: Partial<Omit<Door, 'state'>>) => {
    const known = shown();
    if (known !== null) screen.set({ ...known, ...change });
  };
  /** The door may not be on the screen yet. */
  const show: WaitingRoom['show'] = (change) => screen.set({ ...(shown() ?? door), joining: false, ...change });

  const ends = createStore(room.expiresAt);

  async function refresh() {
    const { value: answer, at } = await timed(api.readRoom(room.roomId));
    if (left.aborted || shown()?.joining !== false) return;
    if (!answer.ok) {
      if (isGone(answer.failure)) endGoneRoom(context);
      return;
    }
    const { you, ...seen } = answer.value;
    clock.measure(seen.now, at);
    // Another tab of this browser has gone in, or the link was replaced meanwhile.
    if (you !== null || seen.keyCheck !== room.keyCheck) lookAgain(context);
    else {
      context.seen = seeRoom(context.seen, seen);
      ends.set(seen.expiresAt);
      update({ room: seen });
    }
  }

  async function join(wished: string) {
    const known = shown();
    if (known === null || known.joining) return;
    const name = wished.trim() === '' ? known.suggestedName : wished.trim();
    if (nameFault(name) !== null) {
      update({ failure: { reason: 'invalid_request' } });
      return;
    }
    update({ joining: true, failure: null });
    rememberName(storage, name);
    await goIn(name);
  }

  const { goIn, goOnWaiting } = createGoingIn(context, room, keys, left, show, refresh);
  noteUnseated(context);
  followDoor(context, ends, left, refresh);
  const suggestedName = usualName(environment);
  const door: Door = {
    state: 'door',
    room,
    clock: clock.now,
    suggestedName,
    joining: false,
    failure: null,
    knock: null,
    draft,
    join: (name) => void join(name),
    refresh: () => void refresh(),
  };
  if (comesBack && !isClosed(room)) {
    void goIn(suggestedName);
    return;
  }
  screen.set(door);
  if (storage.getItem(knockKey(room.roomId)) !== null) void goOnWaiting();
  else if (wish !== null && !isClosed(room)) void join(wish);
}

/** Takes a seat, or asks for one, and shows what came of it. */
function createGoingIn(
  context: PageContext,
  room: Room,
  keys: RoomKeys | null,
  left: AbortSignal,
  show: WaitingRoom['show'],
  refresh: () => Promise<void>,
) {
  const waiting: WaitingRoom = { room, keys, left, show, settle: settleIn(context, room, keys, left) };
  return {
    goIn: async (name: string) => {
      const outcome = await waiting.settle(name, await takeSeat(context, room, keys, name));
      if (outcome === null) return;
      if (outcome === 'waits' || outcome.reason === 'refused') {
        const { waitAtDoor } = await arrived(waitingPart);
        if (!left.aborted) waitAtDoor(context, waiting, name, outcome === 'waits' ? outcome : 'refused');
      } else show({ failure: outcome });
      void refresh();
    },
    goOnWaiting: async () => {
      const { waitOn } = await arrived(waitingPart);
      if (!left.aborted) waitOn(context, waiting);
    },
  };
}

/** What caches know of the room is what this door has shown. */
function lookAgain({ environment, roomId, look }: PageContext): void {
  environment.forget(roomId);
  look();
}

/** Does what the answer to a newcomer says; the outcome is what is left for the door to say. */
function settleIn(context: PageContext, { roomId }: Room, keys: RoomKeys | null, left: AbortSignal) {
  return async (name: string, { value: answer, at }: Timed<Answer<Taken>>): Promise<JoinOutcome> => {
    if (left.aborted) return null;
    const { storage } = context.environment;
    if (answer.ok) {
      if ('knockId' in answer.value) return 'waits';
      const { seated, kept } = answer.value;
      const { memberId, owner, ...joined } = seated;
      context.clock.measure(joined.now, at);
      // Somebody let in sits down as who they were when they asked, and may have lost those keys since.
      if (kept !== null && kept.identity.memberId !== memberId) {
        lookAgain(context);
        return null;
      }
      await enterRoom(context, { room: joined, seat: { memberId, owner }, keys, kept, newName: name });
      return null;
    }
    const { failure } = answer;
    if (!isGone(failure) && !LOOKS_AGAIN.includes(failure.reason)) return failure;
    // Nobody waits at this door any more.
    storage.removeItem(knockKey(roomId));
    if (isGone(failure)) endGoneRoom(context);
    else lookAgain(context);
    return null;
  };
}

/** Keeps the door up to date until it is left. */
function followDoor(
  context: PageContext,
  ends: Readable<number>,
  left: AbortSignal,
  refresh: () => Promise<void>,
): void {
  const { page } = context.environment;
  const poll = setInterval(() => {
    if (page.isVisible()) void refresh();
  }, DOOR_POLL_MS);
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'online') void refresh();
  });
  const stopExpiry = followExpiry(ends, context.clock.now, page, () => void atEnd());

  /** Those inside may have agreed to ten minutes more since this page looked. */
  async function atEnd() {
    const end = ends.get();
    const { seen } = context;
    if (seen !== null && canLastLonger(seen)) await Promise.race([refresh(), wait(ASKING_MS)]);
    if (!left.aborted && ends.get() === end) endRoom(context, 'expired');
  }

  left.addEventListener('abort', () => {
    clearInterval(poll);
    unfollow();
    stopExpiry();
  });
}
