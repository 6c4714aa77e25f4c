import { keyOf } from '@/domain/arrived';
import type { MessageEntry, NoticeEntry, TranscriptEntry } from '@/session/messages/transcript';

/** After a pause this long the same person's next message begins a new group, with a time of its own. */
const GROUP_PAUSE_MS = 120_000;
const TAKEN_BACK: readonly NoticeEntry['notice'][] = ['took-back', 'owner-took-back', 'taken-back'];
const TOLD_APART_BY = ['notice', 'memberId', 'name', 'otherId', 'newName'] as const;

/** Messages of one person in a row. */
export interface MessagesGroup {
  kind: 'messages';
  key: string;
  first: MessageEntry;
  messages: readonly MessageEntry[];
}

/** A notice between them. */
export interface NoticeGroup {
  kind: 'notice';
  key: string;
  /** The last one, where there are several. */
  entry: NoticeEntry;
  /** How many messages were taken back; 1 for any other notice. */
  count: number;
}

/** The line above what is new. */
export interface NewLineGroup {
  kind: 'new-line';
  key: 'new-line';
}

const NEW_LINE: NewLineGroup = { kind: 'new-line', key: 'new-line' };

export type EntryGroup = MessagesGroup | NoticeGroup;
export type TranscriptGroup = EntryGroup | NewLineGroup;

/** Whether a message stands under the name above the entry before it. */
export function continues(before: TranscriptEntry | undefined, next: MessageEntry): boolean {
  return (
    before?.kind === 'message' &&
    before.memberId === next.memberId &&
    before.name === next.name &&
    next.timestamp - before.timestamp < GROUP_PAUSE_MS
  );
}

/** Whether two notices differ in nothing but which message was taken back: one line counts them. */
export function isAnotherTakenBack(before: TranscriptEntry | undefined, next: TranscriptEntry): boolean {
  return (
    next.kind === 'notice' &&
    before?.kind === 'notice' &&
    TAKEN_BACK.includes(next.notice) &&
    TOLD_APART_BY.every((field) => before[field] === next[field])
  );
}

export const groupOf = (first: MessageEntry): MessagesGroup & { messages: MessageEntry[] } => ({
  kind: 'messages',
  key: first.key,
  first,
  messages: [first],
});

/** Groups neighbouring messages of one sender under one name, and messages taken back in a row. The order does not change. */
export function groupEntries(entries: readonly TranscriptEntry[]): EntryGroup[] {
  const groups: EntryGroup[] = [];
  let open: (MessagesGroup & { messages: MessageEntry[] }) | NoticeGroup | null = null;
  let before: TranscriptEntry | undefined;
  for (const entry of entries) {
    if (entry.kind === 'message') {
      if (open?.kind === 'messages' && continues(before, entry)) open.messages.push(entry);
      else groups.push((open = groupOf(entry)));
    } else if (open?.kind === 'notice' && isAnotherTakenBack(before, entry)) {
      open.entry = entry;
      open.count += 1;
    } else {
      groups.push((open = { kind: 'notice', key: entry.id, entry, count: 1 }));
    }
    before = entry;
  }
  return groups;
}

/** The same with a line above the entry `newKey`, which begins a group of its own: people see again whose words it stands over. */
export function groupWithNewLine(entries: readonly TranscriptEntry[], newKey: string | null): TranscriptGroup[] {
  const begin = newKey === null ? -1 : entries.findIndex((entry) => keyOf(entry) === newKey);
  if (begin < 0) return groupEntries(entries);
  return [...groupEntries(entries.slice(0, begin)), NEW_LINE, ...groupEntries(entries.slice(begin))];
}
