import type { RoomKeys } from '@/crypto/room-keys';
import type { Failure } from '@/domain/failure';
import { canLastLonger } from '@/domain/extension';
import { isClosed, type Room } from '@/domain/room';
import { nameFault } from '@/domain/text-rules';
import { createStore, type Readable } from '@/lib/store';
import { followExpiry } from '@/session/expiry';
import { rememberName } from '@/session/people/own-name';
import { timed } from '@/session/server-clock';
import { isGone } from '@/session/visit';
import { endGoneRoom, endRoom } from './ended';
import { enterRoom } from './inside';
import type { PageContext } from './page-context';
import { seeRoom } from './room-life';
import type { Door } from './room-screen';
import { takeSeat } from './seat-keys';
import { noteUnseated } from './stay';
import { usualName } from './usual-name';

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
    const door = shown();
    if (door !== null) screen.set({ ...door, ...change });
  };

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
    const door = shown();
    if (door === null || door.joining) return;
    const name = wished.trim() === '' ? door.suggestedName : wished.trim();
    if (nameFault(name) !== null) {
      update({ failure: { reason: 'invalid_request' } });
      return;
    }
    update({ joining: true, failure: null });
    rememberName(storage, name);
    const failure = await goIn(context, room, keys, name, left);
    if (failure === null) return;
    update({ joining: false, failure });
    void refresh();
  }

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
    draft,
    join: (name) => void join(name),
    refresh: () => void refresh(),
  };
  if (comesBack && !isClosed(room)) void comeBack(suggestedName);
  else {
    screen.set(door);
    if (wish !== null && !isClosed(room)) void join(wish);
  }

  async function comeBack(name: string) {
    const failure = await goIn(context, room, keys, name, left);
    if (failure === null) return;
    screen.set({ ...door, failure });
    void refresh();
  }
}

/** What caches know of the room is what this door has shown. */
function lookAgain({ environment, roomId, look }: PageContext): void {
  environment.forget(roomId);
  look();
}

/** Takes a seat; returns why not, where the door is still the place to say it. */
async function goIn(
  context: PageContext,
  room: Room,
  keys: RoomKeys | null,
  name: string,
  left: AbortSignal,
): Promise<Failure | null> {
  const { value: answer, at } = await takeSeat(context, room, keys, name);
  if (left.aborted) return null;
  if (answer.ok) {
    const { memberId, owner, ...joined } = answer.value.seated;
    context.clock.measure(joined.now, at);
    const { kept } = answer.value;
    await enterRoom(context, { room: joined, seat: { memberId, owner }, keys, kept, newName: name });
  } else if (isGone(answer.failure)) endGoneRoom(context);
  else if (LOOKS_AGAIN.includes(answer.failure.reason)) lookAgain(context);
  else return answer.failure;
  return null;
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
