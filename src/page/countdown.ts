import type { ServerClock } from '@/session/server-clock';

/** Whole seconds until `expiresAt`, rounded up so that 0 means over; never negative. */
export function secondsUntil(expiresAt: number, now: number): number {
  return Math.max(0, Math.ceil((expiresAt - now) / 1_000));
}

/**
 * Calls `onChange` at every change of the whole seconds left, and when the page is seen again: a
 * sleeping tab's timers are late. Each tick is set from the clock, so lateness does not add up.
 */
export function followSeconds(
  expiresAt: number,
  clock: ServerClock,
  onChange: () => void,
  page: EventTarget[],
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    clearTimeout(timer);
    onChange();
    const left = expiresAt - clock();
    // At 59,400 ms the display says 60; 400 ms later it has to say 59.
    if (left > 0) timer = setTimeout(tick, left % 1_000 || 1_000);
  };
  tick();
  for (const target of page) {
    target.addEventListener('visibilitychange', tick);
    target.addEventListener('pageshow', tick);
  }
  return () => {
    clearTimeout(timer);
    for (const target of page) {
      target.removeEventListener('visibilitychange', tick);
      target.removeEventListener('pageshow', tick);
    }
  };
}
