import { createMeasuredClock, timed } from '@/session/server-clock';
import type { Answer } from '@/domain/failure';
import type { ListedRoom, Lobby } from '@/domain/lobby';
import { createRetry } from '@/lib/retry';
import { createStore, type Readable } from '@/lib/store';

/** A look that costs the server nothing in between: it reads at most every two seconds for all of its visitors. */
const LOOK_GAP_MS = 5_000;
const RETRY = { firstMs: 4_000, longestMs: 60_000 };

/** What the front page shows of the site. `failed`: nothing was ever read; `off`: this site lists no public rooms. */
export type LobbyState =
  { state: 'loading' | 'failed' | 'off' } | { state: 'read'; lobby: Pick<Lobby, 'now' | 'here' | 'rooms' | 'listed'> };

export interface LobbyEnvironment {
  readonly readLobby: () => Promise<Answer<Lobby>>;
  readonly isVisible: () => boolean;
  /** Where `visibilitychange` and `pageshow` are heard. */
  readonly page: readonly EventTarget[];
  readonly random?: () => number;
}

export interface FollowedLobby extends Readable<LobbyState> {
  /** Reads until the returned function is called, while the page is in sight. */
  readonly start: () => () => void;
}

/**
 * Follows the public rooms and the numbers of the site. Nothing is read while nobody looks, a failure is tried again quietly behind
 * what was read before, and no room stands there when its time is up, whether or not the server can be reached.
 */
export function createLobby({ readLobby, isVisible, page, random = Math.random }: LobbyEnvironment): FollowedLobby {
  const store = createStore<LobbyState>({ state: 'loading' });
  const clock = createMeasuredClock();
  const retry = createRetry(RETRY, random);
  let latest: Lobby | null = null;
  let nextLook: ReturnType<typeof setTimeout> | undefined;
  let nextEnd: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isFollowed = false;
  const mayLook = () => isFollowed && isVisible() && store.get().state !== 'off';

  /** Shows what was read last, less the rooms that have ended since. */
  function show() {
    clearTimeout(nextEnd);
    if (latest === null) return;
    const now = clock.now();
    const listed = latest.listed.filter(({ expiresAt }) => expiresAt > now);
    store.set({ state: 'read', lobby: { ...latest, now, listed } });
    const ends = listed.map((room: ListedRoom) => room.expiresAt);
    if (isFollowed && ends.length > 0) nextEnd = setTimeout(show, Math.min(...ends) - now);
  }

  async function look() {
    pause();
    if (isReading || !mayLook()) return;
    isReading = true;
    const { value: answer, at } = await timed(readLobby());
    isReading = false;
    if (answer.ok) clock.measure(answer.value.now, at);
    takeOutcome(answer);
  }

  function takeOutcome(answer: Answer<Lobby>) {
    if (answer.ok) {
      latest = answer.value;
      retry.reset();
      show();
      if (mayLook()) nextLook = setTimeout(() => void look(), LOOK_GAP_MS);
      return;
    }
    const { reason, retryAfterSeconds = 0 } = answer.failure;
    if (reason === 'lobby_off') store.set({ state: 'off' });
    else if (latest === null) store.set({ state: 'failed' });
    if (mayLook()) retry.schedule(() => void look(), retryAfterSeconds * 1_000);
  }

  function pause() {
    clearTimeout(nextLook);
    retry.cancel();
  }

  function seenOrNot() {
    pause();
    // Rooms may have ended while the page was hidden.
    show();
    void look();
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    start: () => {
      isFollowed = true;
      for (const target of page) {
        target.addEventListener('visibilitychange', seenOrNot);
        target.addEventListener('pageshow', seenOrNot);
      }
      void look();
      return () => {
        isFollowed = false;
        pause();
        clearTimeout(nextEnd);
        for (const target of page) {
          target.removeEventListener('visibilitychange', seenOrNot);
          target.removeEventListener('pageshow', seenOrNot);
        }
      };
    },
  };
}
