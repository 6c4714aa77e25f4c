/** The waits between attempts: the longest first one, and the longest of all, in milliseconds. */
export interface RetryBounds {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Beyond this the bound has long been reached, and powers of two stay exact. */
const DOUBLINGS_MAX = 10;

/**
 * How long to wait before retry `attempt` (0 for the first), in milliseconds: anywhere below a bound that doubles, known
 * as full jitter, so that a thousand clients that lost the same server do not come back together.
 * `random` gives numbers from 0 up to but not including 1.
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: RetryBounds, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, DOUBLINGS_MAX));
}

/** One piece of work that is tried again after growing waits. */
export interface Retry {
  /** Runs `work` after the next wait, plus `extraMs` that somebody else asked for; replaces a run that is scheduled. */
  readonly schedule: (work: () => void, extraMs?: number) => void;
  readonly isScheduled: () => boolean;
  /** The work has succeeded: the next wait is a first one again. */
  readonly reset: () => void;
  /** Drops a run that is scheduled. */
  readonly cancel: () => void;
}

export function createRetry(bounds: RetryBounds, random: () => number): Retry {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function cancel() {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    schedule: (work, extraMs = 0) => {
      cancel();
      timer = setTimeout(
        () => {
          timer = undefined;
          work();
        },
        extraMs + backoffMs(attempt, bounds, random),
      );
      attempt += 1;
    },
    isScheduled: () => timer !== undefined,
    reset: () => {
      attempt = 0;
    },
    cancel,
  };
}
