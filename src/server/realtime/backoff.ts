import 'server-only';

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** Full jitter: anywhere below a bound that doubles, so that processes do not come back all at once. */
export const backoffMs = (attempt: number, random: () => number = Math.random): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
