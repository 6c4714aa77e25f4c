/** As base64url has them: `A` is silence, `_` the loudest. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Silence has a bar, too: it is a place in the recording. */
const LOWEST = 0.08;

/** The levels of a recorded voice as bars from 0 to 1; each shows the loudest level that it covers. */
export function barsOf(wave: string, count: number): readonly number[] {
  const levels = Array.from(wave, (digit) => Math.max(0, DIGITS.indexOf(digit)) / (DIGITS.length - 1));
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / count));
    return Math.max(LOWEST, ...levels.slice(from, to));
  });
}
