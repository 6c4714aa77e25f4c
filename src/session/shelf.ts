import { nanoid } from 'nanoid';
import type { PageSignals } from '@/client/page-signals';
import type { RoomId } from '@/domain/room';
import { keysOf, tryToKeep, type TabStorage } from '@/lib/tab-storage';
import { prefixOf, SHELF_NAMES, type ShelfName } from './shelf-names';

/** Which page of this tab came before. It says nothing of any room. */
const LAST_PAGE = 'mayfly:last-page';

/** A page that is closed gives up its lock within this time. */
const LEAVING_MS = 2_000;

/** Storage of the whole browser, which outlives its tabs; and locks, by which its pages know which of them are still there. */
export interface LastingStorage {
  readonly storage: TabStorage;
  readonly locks: Pick<LockManager, 'request'>;
}

/** Where a session keeps what its member has written and nobody has got. Each value carries the time of its room's end. */
export interface Shelf {
  /** Whether it is still there after the tab was closed, and not only after a reload. */
  readonly isLasting: boolean;
  /** Null: nothing is left to keep. */
  readonly put: (name: ShelfName, value: string | null) => void;
  /**
   * Hands over what pages that are gone have left, each value once and to one page alone: now, and whenever this page is looked
   * at again. `isWanted` is asked first; what nobody wants stays for the next page.
   */
  readonly adopt: (name: ShelfName, take: (value: string) => void, isWanted?: () => boolean) => void;
  /** Calls the listener when another page has adopted what this one had kept, while it lay in the back/forward cache. */
  readonly onTaken: (listener: (name: ShelfName) => void) => void;
}

export interface ShelfSettings {
  readonly roomId: RoomId;
  /** Of the tab. */
  readonly storage: TabStorage;
  /** Undefined where the browser has none for us, and in plain rooms, whose words lie nowhere. */
  readonly lasting: LastingStorage | undefined;
  readonly page: Pick<PageSignals, 'follow'>;
  readonly over: AbortSignal;
}

export function createShelf({ roomId, storage, lasting, page, over }: ShelfSettings): Shelf {
  const ofTab = createTabShelf(storage, roomId);
  return lasting === undefined ? ofTab : createLastingShelf(lasting, { roomId, storage, page, over }, ofTab);
}

/** In the tab's own storage, which goes with the tab, so a value there is that of the page before this one. */
function createTabShelf(storage: TabStorage, roomId: RoomId): Shelf {
  return {
    isLasting: false,
    put: (name, value) => {
      if (value === null) storage.removeItem(prefixOf(name, roomId));
      else tryToKeep(storage, prefixOf(name, roomId), value);
    },
    adopt: (name, take, isWanted = () => true) => {
      const value = storage.getItem(prefixOf(name, roomId));
      if (value === null || !isWanted()) return;
      storage.removeItem(prefixOf(name, roomId));
      take(value);
    },
    onTaken: () => undefined,
  };
}

/**
 * In the storage of the browser, under a name that no other page has, and which is locked while this page is there: whoever
 * gets the lock of a name knows that its page is gone, and alone takes what it left.
 */
function createLastingShelf(
  { storage, locks }: LastingStorage,
  { roomId, storage: tab, page, over }: Omit<ShelfSettings, 'lasting'>,
  ofTab: Shelf,
): Shelf {
  const own = nanoid();
  const before = tab.getItem(LAST_PAGE);
  tryToKeep(tab, LAST_PAGE, own);
  const values = new Map<ShelfName, string>();
  const stored = new Set<ShelfName>();
  const takenListeners = new Set<(name: ShelfName) => void>();
  const keyOf = (name: ShelfName) => `${prefixOf(name, roomId)}:${own}`;
  const presence = createPresence(locks, lockOf(own), () => SHELF_NAMES.forEach(write));

  /** While the name is not locked another page would take the value for one that was left; a full storage takes none. */
  function write(name: ShelfName) {
    const value = values.get(name);
    const isKept = value !== undefined && presence.isHeld() && isStored(storage, keyOf(name), value);
    if (isKept) stored.add(name);
    else if (stored.delete(name)) storage.removeItem(keyOf(name));
    ofTab.put(name, value === undefined || isKept ? null : value);
  }

  const unfollow = page.follow((signal) => {
    // A page in the back/forward cache may hold no lock.
    if (signal === 'left') presence.end();
    if (signal !== 'restored') return;
    for (const name of SHELF_NAMES) {
      if (!stored.has(name) || storage.getItem(keyOf(name)) !== null) continue;
      stored.delete(name);
      values.delete(name);
      for (const listener of takenListeners) listener(name);
    }
    presence.begin();
  });
  over.addEventListener('abort', () => {
    unfollow();
    presence.end();
  });
  presence.begin();

  return {
    isLasting: true,
    put: (name, value) => {
      if (value === null) values.delete(name);
      else values.set(name, value);
      // What a page in the back/forward cache has kept is for whoever comes first, and stays as it was.
      if (!presence.isAway()) write(name);
    },
    adopt: (name, take, isWanted = () => true) => {
      ofTab.adopt(name, take, isWanted);
      adoptFrom({ storage, locks }, { prefix: `${prefixOf(name, roomId)}:`, own, before, page, over }, take, isWanted);
    },
    onTaken: (listener) => void takenListeners.add(listener),
  };
}

interface Adoption extends Pick<ShelfSettings, 'page' | 'over'> {
  /** Of the keys: the name of a page follows. */
  readonly prefix: string;
  readonly own: string;
  /** The page before this one in its tab. */
  readonly before: string | null;
}

function adoptFrom(
  { storage, locks }: LastingStorage,
  { prefix, own, before, page, over }: Adoption,
  take: (value: string) => void,
  isWanted: () => boolean,
): void {
  const asked = new Set<string>();

  async function takeFrom(other: string) {
    if (asked.has(other)) return;
    asked.add(other);
    const key = prefix + other;
    const stop = new AbortController();
    const giveUp = () => stop.abort();
    // The page before this one in its tab is about to go, however long it takes. Any other one may go on living.
    const timer = other === before ? undefined : setTimeout(giveUp, LEAVING_MS);
    over.addEventListener('abort', giveUp);
    try {
      await locks.request(lockOf(other), { signal: stop.signal }, () => {
        const value = over.aborted || !isWanted() ? null : storage.getItem(key);
        if (value === null) return;
        storage.removeItem(key);
        take(value);
      });
    } catch {
      // The other page lives, or the session was over first.
    }
    clearTimeout(timer);
    over.removeEventListener('abort', giveUp);
    asked.delete(other);
  }

  const look = () => {
    for (const other of keysOf(storage, prefix).map((key) => key.slice(prefix.length)))
      if (other !== own) void takeFrom(other);
  };
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'online') look();
  });
  over.addEventListener('abort', unfollow);
  look();
}

const lockOf = (page: string) => `mayfly:page:${page}`;

function isStored(storage: TabStorage, key: string, value: string): boolean {
  try {
    storage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** Holds a lock from `begin` to `end`, both of which may come again. */
function createPresence(locks: LastingStorage['locks'], name: string, onHeld: () => void) {
  let state: 'coming' | 'held' | 'away' = 'away';
  let release = () => {};

  const hold = () =>
    new Promise<void>((resolve) => {
      release = resolve;
      if (state === 'away') resolve();
      else {
        state = 'held';
        onHeld();
      }
    });

  return {
    isHeld: () => state === 'held',
    isAway: () => state === 'away',
    begin: () => {
      state = 'coming';
      // A browser that refuses its locks has a page as good as one without: the tab's storage is what is left.
      locks.request(name, hold).catch(() => undefined);
    },
    end: () => {
      state = 'away';
      release();
    },
  };
}
