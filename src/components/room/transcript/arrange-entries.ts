import { keyOf } from '@/domain/arrived';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { continues, groupWithNewLine, isAfterPause, isOneLine, type TranscriptGroup } from './group-entries';

/** Blocks of a few screens at most: each is drawn as a whole or not at all. */
const BLOCK_ENTRIES_MIN = 16;
const BLOCK_ENTRIES_MAX = 64;
/** One entry in this many may begin a block. */
const BOUNDARY_ONE_IN = 16;
/** Ids are random, so their last characters decide as well as all of them. */
const KEY_CHARACTERS = 4;

/** Neighbouring entries that are drawn and left out together. */
export interface TranscriptBlock {
  readonly key: string;
  readonly entries: readonly TranscriptEntry[];
  readonly groups: readonly TranscriptGroup[];
  /** The key of its entry that has the line "New" above it; null where there is none. */
  readonly newKey: string | null;
  /** The time stands above its first entry. */
  readonly isAfterPause: boolean;
  /** Its first entry stands under the name above the entry before the block. */
  readonly isContinued: boolean;
}

/**
 * Whether a block may begin with an entry. The entry alone decides, not its place (content-defined chunking): earlier
 * pages and late arrivals change the block that they fall into, and leave the others as they were.
 */
function isBoundary(key: string): boolean {
  let hash = 0;
  for (let index = Math.max(0, key.length - KEY_CHARACTERS); index < key.length; index += 1) {
    hash = hash * 31 + key.charCodeAt(index);
  }
  return hash % BOUNDARY_ONE_IN === 0;
}

/**
 * The entries in blocks. A block of `before` whose entries are the very same is used again, so that it is not drawn again;
 * `newKey`: of the entry that has the line "New" above it. `previous`: the entry before the first of these.
 */
export function arrangeEntries(
  entries: readonly TranscriptEntry[],
  before: readonly TranscriptBlock[],
  newKey: string | null = null,
  previous?: TranscriptEntry,
): readonly TranscriptBlock[] {
  const known = new Map(before.map((block) => [block.key, block]));
  const blocks: TranscriptBlock[] = [];
  let begin = 0;
  for (let end = 1; end <= entries.length; end += 1) {
    const next = entries[end];
    const count = end - begin;
    const isLast = next === undefined;
    if (!isLast && count < BLOCK_ENTRIES_MAX && (count < BLOCK_ENTRIES_MIN || !isBoundary(keyOf(next)))) continue;
    // One line says them, however many they are.
    if (!isLast && isOneLine(entries[end - 1], next)) continue;
    blocks.push(blockOf(entries.slice(begin, end), entries[begin - 1] ?? previous, known, newKey));
    begin = end;
  }
  return blocks;
}

/** `before`: the entry before the first of them. */
function blockOf(
  entries: readonly TranscriptEntry[],
  before: TranscriptEntry | undefined,
  known: ReadonlyMap<string, TranscriptBlock>,
  wantedKey: string | null,
): TranscriptBlock {
  const [first] = entries;
  const key = first === undefined ? '' : keyOf(first);
  const newKey = wantedKey !== null && entries.some((entry) => keyOf(entry) === wantedKey) ? wantedKey : null;
  // An earlier page shows what was said before the first entry.
  const isFirstAfterPause = first !== undefined && isAfterPause(before, first);
  const isContinued = first?.kind === 'message' && continues(before, first);
  const same = known.get(key);
  if (
    same?.newKey === newKey &&
    same.isAfterPause === isFirstAfterPause &&
    same.isContinued === isContinued &&
    same.entries.length === entries.length &&
    same.entries.every((entry, index) => entry === entries[index])
  ) {
    return same;
  }
  const groups = groupWithNewLine(entries, newKey, before);
  return { key, entries, groups, newKey, isAfterPause: isFirstAfterPause, isContinued };
}
