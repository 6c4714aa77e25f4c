/** As base64url has them: `A` is silence, `_` the loudest. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** As many as a card takes. */
const DIGITS_MAX = 64;
/** A microphone that is far away gives a wave, too; what is quieter than this is silence, however long it lasts. */
const LOUDEST_MIN = 0.2;

/** Spells the levels of a recording, from 0 to 1, as a card carries them: each digit is the loudest that it stands for. */
export function spellWave(levels: readonly number[]): string {
  const count = Math.min(DIGITS_MAX, Math.max(1, levels.length));
  const loudest = levels.reduce((high, level) => Math.max(high, level), LOUDEST_MIN);
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * levels.length) / count));
    const level = levels.slice(from, to).reduce((high, one) => Math.max(high, one), 0) / loudest;
    return DIGITS[Math.round(level * (DIGITS.length - 1))] ?? 'A';
  }).join('');
}
