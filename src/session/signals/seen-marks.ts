import { compareCursors, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { Person } from '@/session/people/roster';

/** The others who have read up to a message and no further, by the key of its entry. */
export type SeenMarks = ReadonlyMap<string, readonly MemberId[]>;

/** What makes the marks. It comes when one can read and write. */
export interface SeenMarking {
  readonly seenMarks: typeof seenMarks;
  readonly withSame: typeof withSame;
}

/** The index of the last entry at or before a cursor, or -1. Entries of the log stand in the order of the stream. */
function lastUpTo(cursor: Cursor, entries: readonly TranscriptEntry[]): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = entries[middle]?.cursor;
    if (at !== undefined && compareCursors(at, cursor) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the last message at or before a cursor, or -1. */
function lastMessageUpTo(cursor: Cursor, entries: readonly TranscriptEntry[]): number {
  let index = lastUpTo(cursor, entries);
  while (index >= 0 && entries[index]?.kind !== 'message') index -= 1;
  return index;
}

/** Forgets the places of those who have said something there or later: it stands further down than a mark, and says as much. */
function forgetSpeakers(places: Map<MemberId, number>, entries: readonly TranscriptEntry[]): void {
  const first = Math.min(...places.values());
  for (let index = entries.length - 1; index >= first && places.size > 0; index -= 1) {
    const entry = entries[index];
    if (entry?.kind === 'message' && index >= (places.get(entry.memberId) ?? Infinity)) places.delete(entry.memberId);
  }
}

/**
 * Where everybody is, in the order of seating. Each is found by a binary search, and only what somebody has not read is looked
 * through, so a long talk costs hardly more than a short one. A message that is not loaded has no mark.
 */
export function seenMarks(
  entries: readonly TranscriptEntry[],
  people: readonly Pick<Person, 'memberId' | 'self'>[],
  cursors: ReadonlyMap<MemberId, Cursor>,
): SeenMarks {
  const places = new Map<MemberId, number>();
  for (const { memberId, self } of people) {
    const cursor = self ? undefined : cursors.get(memberId);
    const place = cursor === undefined ? -1 : lastMessageUpTo(cursor, entries);
    if (place >= 0) places.set(memberId, place);
  }
  forgetSpeakers(places, entries);
  const marks = new Map<string, MemberId[]>();
  for (const [memberId, place] of places) {
    const message = entries[place];
    if (message?.kind !== 'message') continue;
    const there = marks.get(message.key);
    if (there === undefined) marks.set(message.key, [memberId]);
    else there.push(memberId);
  }
  return marks;
}

const isSame = (one: readonly MemberId[], other: readonly MemberId[] | undefined) =>
  one.length === other?.length && one.every((memberId, index) => memberId === other[index]);

/** The marks with the lists of before where these say the same, so that what shows them is not drawn again. */
export function withSame(marks: SeenMarks, before: SeenMarks): SeenMarks {
  const kept = new Map<string, readonly MemberId[]>();
  let isChanged = marks.size !== before.size;
  for (const [key, there] of marks) {
    const old = before.get(key);
    const stays = old !== undefined && isSame(there, old);
    kept.set(key, stays ? old : there);
    isChanged ||= !stays;
  }
  return isChanged ? kept : before;
}
