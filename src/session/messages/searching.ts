import { createStore, type Readable } from '@/lib/store';
import type { RoomSession } from '@/session/room-session';

/** How far a search has read. `reading`: older pages are being read; `stopped`: there are more; `whole`: all of the talk is here. */
export type SearchReach = 'reading' | 'stopped' | 'whole';

export interface Searching {
  readonly reach: Readable<SearchReach>;
  /** Reads page after page, up to the beginning of the talk. */
  readonly read: () => void;
  readonly stop: () => void;
}

/** More pages than a room can have, each with a message at least on it, would be a server that makes them up. */
const PAGES_MAX = 1_000;

/**
 * Reads the whole talk for whoever looks something up in it, or saves it: the ordinary pages of the history, one at a time, so the
 * server does not learn that anybody searches, and for what. A page that cannot be read is tried again until it works, or somebody stops it.
 */
export function createSearching({ transcript, readOlder }: Pick<RoomSession, 'transcript' | 'readOlder'>): Searching {
  const reach = createStore<SearchReach>('stopped');
  let unfollow: (() => void) | null = null;
  let pages = 0;

  function end() {
    unfollow?.();
    unfollow = null;
  }
  function look() {
    const { state, older } = transcript.get();
    const next =
      state === 'ready' && older === 'none' ? 'whole' : unfollow === null || pages > PAGES_MAX ? 'stopped' : 'reading';
    if (next !== 'reading') end();
    if (reach.get() !== next) reach.set(next);
    if (next !== 'reading' || older !== 'more') return;
    pages += 1;
    readOlder();
  }

  look();
  return {
    reach,
    read: () => {
      pages = 0;
      unfollow ??= transcript.subscribe(look);
      look();
    },
    stop: () => {
      end();
      look();
    },
  };
}
