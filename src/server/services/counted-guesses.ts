import 'server-only';
import { GUESSES_PER_ADDRESS } from '@/domain/limits';
import type { ServerContext } from './context';

/** Eighty addresses that guess as much as they may; past it the oldest are counted once more. */
const COUNTED_MAX = 10_000;

/** Keyed hashes of an address and a room that is not there, by the moment until which that was counted. */
const counted = new WeakMap<ServerContext, Map<string, number>>();

function countedIn(context: ServerContext): Map<string, number> {
  const guesses = counted.get(context) ?? new Map<string, number>();
  counted.set(context, guesses);
  return guesses;
}

/**
 * Whether a guess is to be counted: a tab with a dead link asks again and again and finds out nothing new, so its
 * address would be refused though nobody there guesses. Each process remembers for itself.
 */
export function isNewGuess(context: ServerContext, hash: string): boolean {
  const guesses = countedIn(context);
  const now = performance.now();
  // All are remembered for equally long, so that the oldest stand first.
  for (const [oldest, until] of guesses) {
    if (until > now && guesses.size <= COUNTED_MAX) break;
    guesses.delete(oldest);
  }
  if (guesses.has(hash)) return false;
  guesses.set(hash, now + GUESSES_PER_ADDRESS.windowMs);
  return true;
}

/** A guess that was not counted in the end. */
export const forgetGuess = (context: ServerContext, hash: string): boolean => countedIn(context).delete(hash);
