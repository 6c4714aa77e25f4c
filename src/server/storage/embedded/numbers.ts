import 'server-only';
import type { Bytes } from './bytes';
import { CommandError } from './reply';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEXADECIMAL = /^([+-]?)(0x[\da-f]+)$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

export const isInt64 = (value: bigint) => value >= INT64_MIN && value <= INT64_MAX;

/** A 64-bit integer in the one way Redis writes it (no `+`, no leading zero, no space), or null. */
export function parseInteger(bytes: Bytes): bigint | null {
  if (!INTEGER.test(bytes)) return null;
  const value = BigInt(bytes);
  return isInt64(value) ? value : null;
}

/** @throws CommandError when the argument is not a 64-bit integer */
export function bigintArgument(bytes: Bytes, message = 'ERR value is not an integer or out of range'): bigint {
  const value = parseInteger(bytes);
  if (value === null) throw new CommandError(message);
  return value;
}

/** The same for counts and positions, where anything beyond 2^53 is as good as infinite. */
export function integerArgument(bytes: Bytes, message?: string): number {
  return Number(bigintArgument(bytes, message));
}

/** The number that C's `strtod` reads from a whole text, or null for anything else, NaN and overflow. */
export function parseDouble(bytes: Bytes): number | null {
  const infinite = INFINITE.exec(bytes);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const hexadecimal = HEXADECIMAL.exec(bytes);
  if (hexadecimal) return Number(hexadecimal[2]) * (hexadecimal[1] === '-' ? -1 : 1);
  if (!DECIMAL.test(bytes)) return null;
  const value = Number(bytes);
  return Number.isFinite(value) ? value : null;
}

/** A score as Redis 7.2 and later write it: the shortest digits that read back the same. */
export function formatScore(score: number): Bytes {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  return String(score);
}

const SIGNIFICANT_DIGITS = 17;

/** C's `%.17g`, in which Redis writes the numbers that a script hands to a command. */
export function formatLuaNumber(value: number): Bytes {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  const [mantissa = '', exponentText = '0'] = value.toExponential(SIGNIFICANT_DIGITS - 1).split('e');
  const exponent = Number(exponentText);
  const withoutZeros = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent >= -4 && exponent < SIGNIFICANT_DIGITS) {
    return withoutZeros(value.toFixed(SIGNIFICANT_DIGITS - 1 - exponent));
  }
  return `${withoutZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
