import type { Locks } from '@/client/tabs/election';

/** Calls for attention are at least this far apart, those of all tabs of a room taken together. */
const QUIET_MS = 10_000;

export interface Turns {
  /** Whether this tab is looked at. */
  readonly setLooking: (isLooking: boolean) => void;
  /** Calls `run` unless a tab of this room is looked at, or one of them has called for attention just now. */
  readonly take: (run: () => void) => void;
  readonly stop: () => void;
}

/**
 * One Web Lock for the tabs of a browser in one room: those that are looked at share it, and one that calls for attention has
 * it alone for a while. The browser gives it back when a tab is closed. Without locks every tab speaks for itself.
 */
export function createTurns(locks: Locks | undefined, name: string): Turns {
  let calledAt = -Infinity;
  let looking = new AbortController();
  let isLooking = false;
  let release = () => {};
  let held: Promise<unknown> = Promise.resolve();

  async function shareWhileLooking(signal: AbortSignal) {
    try {
      await locks?.request(
        name,
        { mode: 'shared', signal },
        () => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
      );
    } catch {
      // Looked away before the lock was given.
    }
  }

  function callFor(run: () => void): Promise<void> {
    calledAt = Date.now();
    run();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, QUIET_MS);
      release = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function takeLock(take: Locks, run: () => void) {
    // Given up first: a tab that is looked at meanwhile gets it before this one.
    release();
    await held;
    if (isLooking) return;
    held = take.request(name, { ifAvailable: true }, (lock) => (lock === null || isLooking ? undefined : callFor(run)));
    await held;
  }

  return {
    setLooking: (next) => {
      if (next === isLooking) return;
      isLooking = next;
      looking.abort();
      looking = new AbortController();
      if (!isLooking) return;
      release();
      void shareWhileLooking(looking.signal);
    },
    take: (run) => {
      if (isLooking || Date.now() - calledAt < QUIET_MS) return;
      if (locks !== undefined) void takeLock(locks, run);
      else {
        calledAt = Date.now();
        run();
      }
    },
    stop: () => {
      isLooking = false;
      looking.abort();
      release();
    },
  };
}
