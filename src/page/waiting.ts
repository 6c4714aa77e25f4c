import { PAGE_RETRY } from '@/client/line';
import type { RoomKeys } from '@/crypto/room-keys';
import type { Answer, Failure } from '@/domain/failure';
import { KNOCK_AGAIN_AFTER_MS, KNOCK_ASKING_GAP_MS, KNOCKS_REFUSED_MAX } from '@/domain/limits';
import type { Room } from '@/domain/room';
import { createRetry } from '@/lib/retry';
import type { Timed } from '@/session/server-clock';
import { forgetKnock, noteKnock, recallKnock, type KnockNote } from './knock-note';
import type { PageContext } from './page-context';
import type { Door } from './room-screen';
import { join, joinerOf, type Joiner, type Taken } from './seat-keys';

/** The server refuses to be asked sooner than every two seconds; it counts arrivals, and lines are uneven. */
const GAP_MS = KNOCK_ASKING_GAP_MS + 500;
/** While nobody looks at the page. A knock lapses when it is not repeated for two minutes. */
const HIDDEN_GAP_MS = 20_000;

/** These pass, and the knock outlives them. */
const PASSING: readonly Failure['reason'][] = [
  'offline',
  'unreachable',
  'rate_limited',
  'storage_unavailable',
  'internal_error',
];

/** What asking has come to, where the door is still the place to say it; null where it no longer is. */
export type JoinOutcome = Failure | 'waits' | null;

export interface WaitingRoom {
  readonly room: Room;
  readonly keys: RoomKeys | null;
  /** Aborted when the door is left. */
  readonly left: AbortSignal;
  readonly show: (change: Partial<Pick<Door, 'knock' | 'failure' | 'suggestedName'>>) => void;
  /** Does what an answer says, as the door does for those who join at once. */
  readonly settle: (name: string, taken: Timed<Answer<Taken>>) => Promise<JoinOutcome>;
}

/** Goes on waiting where a reload has interrupted it. */
export function waitOn(context: PageContext, waiting: WaitingRoom): void {
  const { storage } = context.environment;
  const note = recallKnock(storage, context.roomId);
  if (note === null) {
    forgetKnock(storage, context.roomId);
    return;
  }
  const asking = createAsking(context, waiting, note.name, note);
  if (note.isWaiting) asking.wait(0);
  else asking.showRefusal();
}

/** Waits for the owner's answer to a first question, whose outcome this is. */
export function waitAtDoor(
  context: PageContext,
  waiting: WaitingRoom,
  name: string,
  outcome: 'waits' | 'refused',
): void {
  const note = recallKnock(context.environment.storage, context.roomId);
  const asking = createAsking(context, waiting, name, note);
  if (outcome === 'waits') asking.wait(GAP_MS);
  else asking.refuse();
}

/** How waiting stands: on the screen, and in the note that outlives a reload. */
function createStanding(
  context: PageContext,
  { room, show }: WaitingRoom,
  name: string,
  noted: KnockNote | null,
  acts: { readonly stop: () => void; readonly ask: () => void },
) {
  const {
    environment: { storage },
    roomId,
    clock,
  } = context;
  let { isWaiting, refusals, againAt } = noted ?? { isWaiting: false, refusals: 0, againAt: null };

  const keep = () => {
    // The door has seen since whether the end has moved.
    const endsAt = clock.toBrowserTime(context.seen?.expiresAt ?? room.expiresAt);
    noteKnock(storage, roomId, { endsAt, name, isWaiting, refusals, againAt });
  };
  const showWaiting = (trouble: Failure | null = null) =>
    show({ knock: { state: 'waiting', trouble, stop: acts.stop }, failure: null });
  const showRefusal = () => {
    const knock =
      againAt === null
        ? { state: 'refused' as const, againAt, ask: null }
        : { state: 'refused' as const, againAt: clock.now() + againAt - Date.now(), ask: acts.ask };
    show({ knock, failure: null });
  };

  return {
    isWaiting: () => isWaiting,
    showWaiting,
    showRefusal,
    /** Waits, or goes on waiting. */
    begin: () => {
      isWaiting = true;
      keep();
      showWaiting();
    },
    /**
     * The server only says no, so its rules say when one may ask again. Where nobody has to ask, whoever is refused was removed, and
     * is not let in at all.
     */
    refuse: () => {
      const mayAsk = (isWaiting || room.entry === 'knock') && refusals + 1 < KNOCKS_REFUSED_MAX;
      isWaiting = false;
      refusals += 1;
      againAt = mayAsk ? Date.now() + KNOCK_AGAIN_AFTER_MS : null;
      keep();
      showRefusal();
    },
    /** Nobody waits any more; the failure says why. */
    end: (failure: Failure | null) => {
      isWaiting = false;
      forgetKnock(storage, roomId);
      show({ knock: null, failure, suggestedName: name });
    },
  };
}

/** The person has stopped waiting, and wants in again by now. */
function isAskedAnew({ screen }: PageContext): boolean {
  const door = screen.get();
  return door.state === 'door' && (door.joining || door.knock?.state === 'waiting');
}

function createAsking(context: PageContext, waiting: WaitingRoom, name: string, noted: KnockNote | null) {
  const { environment, roomId } = context;
  const { page, random, api } = environment;
  const { room, keys, left, settle } = waiting;
  const retry = createRetry(PAGE_RETRY, random);
  const standing = createStanding(context, waiting, name, noted, {
    stop: () => {
      pause();
      standing.end(null);
    },
    ask: () => wait(0),
  });
  let joiner: Promise<Joiner> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let askedAt = -Infinity;

  function pause() {
    clearTimeout(timer);
    retry.cancel();
  }

  function wait(ms: number) {
    standing.begin();
    askIn(ms);
  }

  function askIn(ms: number) {
    pause();
    timer = setTimeout(() => void ask(), ms);
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    askedAt = Date.now();
    joiner ??= joinerOf(context, room, keys, name);
    const taken = await join(context, await joiner);
    isAsking = false;
    if (left.aborted) return;
    const { value: answer } = taken;
    if (standing.isWaiting()) take(await settle(name, taken));
    // A page that waits no longer gives back the seat that it gets all the same.
    else if (answer.ok && !('knockId' in answer.value) && !isAskedAnew(context)) void api.leaveRoom(roomId);
  }

  function take(outcome: JoinOutcome) {
    if (outcome === 'waits') {
      retry.reset();
      standing.begin();
      askIn(page.isVisible() ? GAP_MS : HIDDEN_GAP_MS);
    } else if (outcome?.reason === 'refused') standing.refuse();
    else if (outcome !== null && PASSING.includes(outcome.reason)) {
      // That one asked too soon is no news to anybody.
      if (outcome.reason !== 'rate_limited') standing.showWaiting(outcome);
      retry.schedule(() => void ask(), Math.max(GAP_MS, (outcome.retryAfterSeconds ?? 0) * 1_000));
    } else if (outcome !== null) standing.end(outcome);
  }

  const unfollow = page.follow((signal) => {
    if (standing.isWaiting() && (signal === 'visible' || signal === 'online'))
      askIn(Math.max(0, askedAt + GAP_MS - Date.now()));
  });
  left.addEventListener('abort', () => {
    pause();
    unfollow();
  });
  return { wait, refuse: standing.refuse, showRefusal: standing.showRefusal };
}
