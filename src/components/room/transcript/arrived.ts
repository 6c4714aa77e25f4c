import { compareCursors, CURSOR_START, type Cursor } from '@/domain/message';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { keyOf } from './arrange-entries';

/** As many of one's own messages may be stored before the page hears what others said before them. */
const OWN_MAX = 50;

/** How far a reader is in the room's stream, whatever is taken back later. */
export interface Position {
  readonly cursor: Cursor;
  /** Of what stands there, and of one's own messages that come after it or are not stored yet. */
  readonly keys: ReadonlySet<string>;
}

const isOwn = (entry: TranscriptEntry) => entry.kind === 'message' && entry.self;

const isRefused = (entry: TranscriptEntry) => entry.kind === 'message' && entry.state === 'failed';

/** The end of these entries, by which `arrivedSince` and `hasWrittenSince` find later what is new. */
export function endOf(entries: readonly TranscriptEntry[]): Position {
  const keys = new Set<string>();
  let cursor = CURSOR_START;
  let isFound = false;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || (isFound && entry.cursor !== cursor)) break;
    keys.add(keyOf(entry));
    cursor = entry.cursor ?? cursor;
    isFound ||= !isOwn(entry) || keys.size > OWN_MAX;
  }
  return { cursor, keys };
}

/** The entries behind a position, oldest first. */
function newerThan({ cursor, keys }: Position, entries: readonly TranscriptEntry[]): readonly TranscriptEntry[] {
  let begin = entries.length;
  for (; begin > 0; begin -= 1) {
    const at = entries[begin - 1]?.cursor;
    if (at !== undefined && compareCursors(at, cursor) < 0) break;
  }
  return entries.slice(begin).filter((entry) => !keys.has(keyOf(entry)));
}

/** The entries of others behind a position, oldest first. */
export const arrivedSince = (position: Position, entries: readonly TranscriptEntry[]): readonly TranscriptEntry[] =>
  newerThan(position, entries).filter((entry) => !isOwn(entry));

/** Whether one has just written a message: one's own from an earlier page does not count, nor one that stays where it was refused. */
export const hasWrittenSince = (position: Position, entries: readonly TranscriptEntry[]): boolean =>
  newerThan(position, entries).some((entry) => isOwn(entry) && !isRefused(entry));
