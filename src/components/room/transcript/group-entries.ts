import { keyOf } from '@/domain/arrived';
import type { MessageEntry, NoticeEntry, TranscriptEntry } from '@/session/messages/transcript';

/** After a pause this long the same person's next message begins a new group. */
const GROUP_PAUSE_MS = 120_000;
/** After a pause this long, and at the beginning of the talk, the time is in sight. */
const TIME_PAUSE_MS = 300_000;
/** About messages, of which one line counts several. */
const COUNTED: readonly NoticeEntry['notice'][] = ['took-back', 'owner-took-back', 'taken-back', 'ignored'];
const TOLD_APART_BY = ['notice', 'memberId', 'name', 'otherId', 'newName'] as const;
/** Comings and goings, of which one line names several. */
const CROWDED: readonly NoticeEntry['notice'][] = ['joined', 'left'];

interface Group {
  key: string;
  /** Nothing was said or done for a while before it: its time stands above it. */
  isAfterPause: boolean;
}

/** Messages of one person in a row. */
export interface MessagesGroup extends Group {
  kind: 'messages';
  /** It stands under the name above the entry before it, which is drawn apart from it. */
  isContinued: boolean;
  first: MessageEntry;
  messages: readonly MessageEntry[];
}

/** A notice between them. */
export interface NoticeGroup extends Group {
  kind: 'notice';
  /** The last one, where there are several. */
  entry: NoticeEntry;
  /** How many notices this is. */
  count: number;
  /** All of them, where each is about somebody else. */
  crowd?: readonly NoticeEntry[];
}

/** The line above what is new. */
export interface NewLineGroup {
  kind: 'new-line';
  key: 'new-line';
}

const NEW_LINE: NewLineGroup = { kind: 'new-line', key: 'new-line' };

export type EntryGroup = MessagesGroup | NoticeGroup;
export type TranscriptGroup = EntryGroup | NewLineGroup;

type OpenGroup = (MessagesGroup & { messages: MessageEntry[] }) | (NoticeGroup & { crowd?: NoticeEntry[] });

/** Whether a message stands under the name above the entry before it. */
export function continues(before: TranscriptEntry | undefined, next: MessageEntry): boolean {
  return (
    before?.kind === 'message' &&
    before.memberId === next.memberId &&
    before.name === next.name &&
    next.timestamp - before.timestamp < GROUP_PAUSE_MS
  );
}

/** Whether the time of an entry is in sight. */
export const isAfterPause = (before: TranscriptEntry | undefined, next: TranscriptEntry): boolean =>
  before === undefined || next.timestamp - before.timestamp >= TIME_PAUSE_MS;

const isCrowd = (before: NoticeEntry, next: NoticeEntry): boolean =>
  CROWDED.includes(next.notice) && before.notice === next.notice && !before.self && !next.self;

/**
 * Whether one line says both: two notices that differ in nothing but which message they are about, or two people who joined, or
 * left, one after the other.
 */
export function isOneLine(before: TranscriptEntry | undefined, next: TranscriptEntry): boolean {
  if (next.kind !== 'notice' || before?.kind !== 'notice' || isAfterPause(before, next)) return false;
  const isSame = COUNTED.includes(next.notice) && TOLD_APART_BY.every((field) => before[field] === next[field]);
  return isSame || isCrowd(before, next);
}

export const groupOf = (
  first: MessageEntry,
  before?: TranscriptEntry,
): MessagesGroup & { messages: MessageEntry[] } => ({
  kind: 'messages',
  key: first.key,
  isAfterPause: isAfterPause(before, first),
  isContinued: continues(before, first),
  first,
  messages: [first],
});

/**
 * Groups neighbouring messages of one sender, and notices of which one line says several. The order does not change. `before`: the
 * entry before the first of these.
 */
export function groupEntries(entries: readonly TranscriptEntry[], before?: TranscriptEntry): EntryGroup[] {
  const groups: EntryGroup[] = [];
  let open: OpenGroup | null = null;
  for (const entry of entries) {
    if (entry.kind === 'message') {
      if (open?.kind === 'messages' && continues(before, entry)) open.messages.push(entry);
      else groups.push((open = groupOf(entry, before)));
    } else if (open?.kind === 'notice' && isOneLine(before, entry)) {
      if (isCrowd(open.entry, entry)) (open.crowd ??= [open.entry]).push(entry);
      open.entry = entry;
      open.count += 1;
    } else {
      groups.push(
        (open = { kind: 'notice', key: entry.id, isAfterPause: isAfterPause(before, entry), entry, count: 1 }),
      );
    }
    before = entry;
  }
  return groups;
}

/** The same with a line above the entry `newKey`, which begins a group of its own: people see again whose words it stands over. */
export function groupWithNewLine(
  entries: readonly TranscriptEntry[],
  newKey: string | null,
  before?: TranscriptEntry,
): TranscriptGroup[] {
  const begin = newKey === null ? -1 : entries.findIndex((entry) => keyOf(entry) === newKey);
  if (begin < 0) return groupEntries(entries, before);
  const above = groupEntries(entries.slice(0, begin), before);
  const [first, ...rest] = groupEntries(entries.slice(begin), entries[begin - 1] ?? before);
  const below = first?.kind === 'messages' ? { ...first, isContinued: false } : first;
  return [...above, NEW_LINE, ...(below === undefined ? [] : [below]), ...rest];
}
