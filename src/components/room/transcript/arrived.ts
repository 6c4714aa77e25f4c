import { REMOVALS_PER_REQUEST_MAX } from '@/domain/limits';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { keyOf } from './arrange-entries';

/** One more than a request may take back, so that one of them is still there afterwards. */
const KNOWN_MAX = REMOVALS_PER_REQUEST_MAX + 1;

/** One's own messages that are not stored yet always stand last, whatever arrives. */
const isPlaced = (entry: TranscriptEntry) => entry.kind === 'notice' || entry.state === 'sent';

/** The keys of the newest entries, by which `arrivedSince` finds later what is new. */
export function newestKeys(entries: readonly TranscriptEntry[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (let index = entries.length - 1; index >= 0 && keys.size < KNOWN_MAX; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined && isPlaced(entry)) keys.add(keyOf(entry));
  }
  return keys;
}

/** The entries of others behind those that are known, oldest first; of more than `max`, the newest. */
export function arrivedSince(
  known: ReadonlySet<string>,
  entries: readonly TranscriptEntry[],
  max = Infinity,
): readonly TranscriptEntry[] {
  const arrived: TranscriptEntry[] = [];
  for (let index = entries.length - 1; index >= 0 && arrived.length < max; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || known.has(keyOf(entry))) break;
    if (isPlaced(entry) && !(entry.kind === 'message' && entry.self)) arrived.push(entry);
  }
  return arrived.reverse();
}

/** The keys of the last entries, one's own that are not stored yet included. */
export const lastKeys = (entries: readonly TranscriptEntry[]): ReadonlySet<string> =>
  new Set(entries.slice(-KNOWN_MAX).map(keyOf));

/** Whether one has just written a message: one's own from an earlier page does not count. */
export function hasWrittenSince(last: ReadonlySet<string>, entries: readonly TranscriptEntry[]): boolean {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || last.has(keyOf(entry))) return false;
    if (entry.kind === 'message' && entry.self) return true;
  }
  return false;
}
