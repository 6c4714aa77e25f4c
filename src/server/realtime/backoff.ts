import 'server-only';
import type { StreamTimings } from './stream-timings';

type Bounds = Pick<StreamTimings, 'retryFirst' | 'retryLongest'>;

/** Full jitter: anywhere below a bound that doubles, so that processes do not come back all at once. */
export const backoffMs = (
  attempt: number,
  { retryFirst, retryLongest }: Bounds,
  random: () => number = Math.random,
): number => random() * Math.min(retryLongest, retryFirst * 2 ** Math.min(attempt, 10));
