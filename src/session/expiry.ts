import type { PageSignals } from '@/client/page-signals';
import type { Readable } from '@/lib/store';
import type { ServerClock } from './server-clock';

/**
 * Calls `onReached` when the clock reaches the moment, also when the page slept through it, and again for each later moment that takes
 * its place. Returns a function that stops waiting.
 */
export function followExpiry(
  moment: Readable<number>,
  clock: ServerClock,
  page: PageSignals,
  onReached: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reached = -Infinity;
  const look = () => {
    clearTimeout(timer);
    const at = moment.get();
    const left = at - clock();
    // Timers take no endless wait.
    if (left > 0 && left < Infinity) timer = setTimeout(look, left);
    if (left > 0 || at === reached) return;
    reached = at;
    onReached();
  };
  // Later, even when it is over already: the caller needs the returned function first.
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 0);
  };
  const stops = [
    moment.subscribe(lookSoon),
    page.follow((signal) => {
      if (signal === 'visible' || signal === 'restored') look();
    }),
  ];
  lookSoon();
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
