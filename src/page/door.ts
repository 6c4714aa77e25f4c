import type { Voice } from '@/crypto/voice';
import type { Room } from '@/domain/room';
import { nameFault } from '@/domain/text-rules';
import { followExpiry } from '@/session/expiry';
import { rememberName } from '@/session/people/own-name';
import { timed } from '@/session/server-clock';
import { isGone } from '@/session/visit';
import { endGoneRoom, endRoom } from './ended';
import { enterRoom, usualName } from './inside';
import type { PageContext } from './page-context';
import type { Door } from './room-screen';

/** A guest at the door sees changes of seats and lock at least this often. */
const DOOR_POLL_MS = 10_000;

/** Shows the room to a guest, who may join; `focused`: the control that had the focus disappeared with the screen before. */
export function openDoor(context: PageContext, room: Room, voice: Voice, focused: boolean): void {
  const { environment, clock, screen, roomId, draft } = context;
  const { api, storage } = environment;
  const left = context.leave();
  // A guest may wait here for as long as it takes to deploy another build, which has no part of this one.
  voice.safetyPhrase?.fetch();

  const shown = (): Door | null => {
    const door = screen.get();
    return door.state === 'door' ? door : null;
  };
  const update = (change: Partial<Omit<Door, 'state'>>) => {
    const door = shown();
    if (door !== null) screen.set({ ...door, ...change });
  };

  async function refresh() {
    const { value: answer, at } = await timed(api.readRoom(roomId));
    if (left.aborted || shown()?.joining !== false) return;
    if (!answer.ok) {
      if (isGone(answer.failure)) endGoneRoom(context);
      return;
    }
    const { you, ...seen } = answer.value;
    clock.measure(seen.now, at);
    // Another tab of this browser has gone in.
    if (you !== null) enterRoom(context, seen, you, voice);
    else update({ room: seen });
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
    const { value: answer, at } = await timed(api.joinRoom(roomId));
    if (left.aborted) return;
    if (answer.ok) {
      const { memberId, owner, ...joined } = answer.value;
      clock.measure(joined.now, at);
      rememberName(storage, name);
      enterRoom(context, joined, { memberId, owner }, voice, name);
    } else if (isGone(answer.failure)) endGoneRoom(context);
    else {
      update({ joining: false, failure: answer.failure });
      void refresh();
    }
  }

  followDoor(context, room, left, () => void refresh());
  screen.set({
    state: 'door',
    room,
    clock: clock.now,
    suggestedName: usualName(environment),
    joining: false,
    failure: null,
    draft,
    focused,
    join: (name) => void join(name),
    refresh: () => void refresh(),
  });
}

/** Keeps the door up to date until it is left. */
function followDoor(context: PageContext, { expiresAt }: Room, left: AbortSignal, refresh: () => void): void {
  const { page } = context.environment;
  const poll = setInterval(() => {
    if (page.isVisible()) refresh();
  }, DOOR_POLL_MS);
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'online') refresh();
  });
  const stopExpiry = followExpiry(expiresAt, context.clock.now, page, () => endRoom(context, 'expired'));
  left.addEventListener('abort', () => {
    clearInterval(poll);
    unfollow();
    stopExpiry();
  });
}
