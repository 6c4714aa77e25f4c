/**
 * The long form goes on until caps and windows of minutes are reached; the short form shows each guarantee in seconds.
 */
export const LONG = process.env['ATTACK_FORM'] === 'long';

/** How long an attack lasts that could go on for ever. */
export const ATTACK_MS = LONG ? 15_000 : 2_500;

/**
 * Attacks that are judged by counts go on until they have asked often enough, and on a slow machine for this long at
 * most.
 */
export const LONGEST_MS = 4 * ATTACK_MS;

/**
 * Whether an attack that began at `began` (of `performance.now()`) goes on. `enough` means that it has asked often
 * enough.
 */
export const goesOn = (began: number, enough: boolean): boolean =>
  performance.now() < began + (enough ? ATTACK_MS : LONGEST_MS);

/**
 * The folder of another checkout whose build is attacked instead of this one's, so that the same attacks show how an
 * earlier version fared.
 */
export const SUBJECT = process.env['SUBJECT'] || undefined;
