import type { MessageEntry, NoticeEntry, TranscriptEntry } from '@/session/messages/transcript';

/** After a pause this long the same person's next message begins a new group, with a time of its own. */
const GROUP_PAUSE_MS = 120_000;

/** Messages of one person in a row, or one notice between them. */
export type TranscriptGroup =
  | { kind: 'messages'; key: string; first: MessageEntry; messages: readonly MessageEntry[] }
  | { kind: 'notice'; key: string; entry: NoticeEntry };

function continues(messages: readonly MessageEntry[], next: MessageEntry): boolean {
  const last = messages.at(-1);
  return (
    last !== undefined &&
    last.memberId === next.memberId &&
    last.name === next.name &&
    next.timestamp - last.timestamp < GROUP_PAUSE_MS
  );
}

/** Groups neighbouring messages of one sender under one name. The order does not change. */
export function groupEntries(entries: readonly TranscriptEntry[]): TranscriptGroup[] {
  const groups: TranscriptGroup[] = [];
  let open: { kind: 'messages'; key: string; first: MessageEntry; messages: MessageEntry[] } | null = null;
  for (const entry of entries) {
    if (entry.kind === 'notice') {
      open = null;
      groups.push({ kind: 'notice', key: entry.id, entry });
    } else if (open !== null && continues(open.messages, entry)) {
      open.messages.push(entry);
    } else {
      open = { kind: 'messages', key: entry.key, first: entry, messages: [entry] };
      groups.push(open);
    }
  }
  return groups;
}
