import type { PageSignals } from '@/client/page-signals';
import type { ServerClock } from './server-clock';

/**
 * Calls `onExpired` once, when the clock reaches `expiresAt`, also when the page slept through it. Returns
 * a function that stops waiting.
 */
export function followExpiry(
  expiresAt: number,
  clock: ServerClock,
  page: PageSignals,
  onExpired: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    unfollow();
  };
  const look = () => {
    clearTimeout(timer);
    const left = expiresAt - clock();
    if (left > 0) {
      timer = setTimeout(look, left);
      return;
    }
    stop();
    onExpired();
  };
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'restored') look();
  });
  // Later, even when it is over already: the caller needs the returned function first.
  timer = setTimeout(look, 0);
  return stop;
}
