import 'server-only';
import { RoomError } from '@/domain/errors';

/** Longer than a Redis that restarts or fails over takes as a rule, shorter than people wait for a page. */
export const STORAGE_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 2;

/** Kinds of Redis's own replies that speak of its state, not of the command: the same command may succeed later. */
const STATES = new Set([
  'ASK',
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'WRONGPASS',
]);
const QUOTA = /^ERR max .*(?:limit exceeded|connections exceeded|clients reached)/;

/** The words that Redis before 7 puts before the refusal of a command that a script ran. */
const FROM_A_SCRIPT = /^ERR Error running script \(call to \w+\): (?:@user_script: ?\d+: )*-/;

/** @param why a sentence for the log, made here and never from a command or a reply: those hold people's words. */
export function storageUnavailable(why: string): RoomError {
  return new RoomError('storage_unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS, cause: new Error(why) });
}

/** Rooms end all the time, and free their part of the storage. */
export const STORAGE_FULL_RETRY_SECONDS = 30;

/** The storage answers, but holds all that it may. */
export function storageFull(): RoomError {
  return new RoomError('storage_full', { retryAfterSeconds: STORAGE_FULL_RETRY_SECONDS });
}

/** The word that a system error carries (`ECONNREFUSED`), found through its causes, or null. */
export function systemErrorCode(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(current.code))
      return current.code;
  }
  return null;
}

/**
 * Redis's own error text as a caller may have it.
 *
 * @throws RoomError `storage_unavailable` where the text names a state that passes.
 */
export function refusalText(text: string): string {
  const kind = /^[A-Z][A-Z0-9]*/.exec(text.replace(FROM_A_SCRIPT, ''))?.[0] ?? '';
  if (STATES.has(kind) || QUOTA.test(text)) throw storageUnavailable(`Redis answered ${kind}`);
  return withoutArguments(text);
}

/** Redis repeats the arguments of a command that it does not know. */
export function withoutArguments(text: string): string {
  return text.replace(/, with args beginning with:.*$/s, '');
}

/**
 * The result of `work`, if it comes within `STORAGE_WAIT_MS`. Work that comes later is not undone:
 * a caller who repeats it must expect to find it done.
 *
 * @throws RoomError `storage_unavailable` when the time is over.
 */
export async function withinWait<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(storageUnavailable(`Redis did not answer within ${STORAGE_WAIT_MS} ms`));
    }, STORAGE_WAIT_MS);
  });
  try {
    return await Promise.race([work, timeOver]);
  } finally {
    clearTimeout(timer);
  }
}
