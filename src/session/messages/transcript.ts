import type { Failure } from '@/domain/failure';
import { compareCursors, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { Label, NameBook } from '@/session/people/name-book';
import type { OutboxState } from './outbox/outbox-items';

/** A message as it was read, before it has the label of its member. */
export interface SaidMessage {
  kind: 'message';
  /** The message's own id, from the moment it is sent. */
  id: string;
  memberId: MemberId;
  self: boolean;
  /** The name that the message itself carries, which counts where the list of seats has none. Null: could not be opened. */
  sender?: string | null;
  /** Null: could not be opened. */
  text: string | null;
  timestamp: number;
  /** `waiting`: the line is down; it will be sent by itself. */
  state: 'sent' | 'sending' | 'waiting' | 'failed';
  failure?: Failure;
}

export interface MessageEntry extends SaidMessage, Label {}

export interface NoticeEntry {
  kind: 'notice';
  id: string;
  timestamp: number;
  /** `other-name`: a message carried a name that its member does not have here. */
  notice:
    | 'joined'
    | 'left'
    | 'removed'
    | 'displaced'
    | 'renamed'
    | 'other-name'
    | 'new-owner'
    | 'locked'
    | 'unlocked'
    | 'waited';
  memberId?: MemberId;
  /** As it was at that moment, mark included; null where it did not open, and while no name is known. */
  name: string | null;
  mark?: number | undefined;
  /** No name was known at that moment: the first one to be known is shown here, even if it comes later. */
  unnamed?: true;
  /** The other name, where that is the news: the member's new one, or the one that the message carried. */
  newName?: string | null;
  newMark?: number | undefined;
  self: boolean;
}

export type TranscriptEntry = MessageEntry | NoticeEntry;

export interface Transcript {
  state: 'loading' | 'ready' | 'failed';
  entries: readonly TranscriptEntry[];
}

/** An entry and its place in the room's stream. */
export interface Placed<Entry = SaidMessage | NoticeEntry> {
  cursor: Cursor;
  entry: Entry;
}

/** The entries that were read, each once, in the order of the stream. */
export type Log = readonly Placed<TranscriptEntry>[];

/** The names that entries are shown under. */
export type Labels = Pick<NameBook, 'labelOf' | 'isNamed'>;

export const isIn = (log: Log, id: string): boolean => log.some(({ entry }) => entry.id === id);

/** Adds entries to the log, each in its place and under its label. Entries that are in it already are left out. */
export function fold(log: Log, read: readonly Placed[], labels: Labels): Log {
  const ids = new Set(log.map(({ entry }) => entry.id));
  const added = read.filter(({ entry }) => !ids.has(entry.id) && ids.add(entry.id));
  if (added.length === 0) return log;
  return [...log, ...added.map(({ cursor, entry }) => ({ cursor, entry: labelled(entry, labels) }))].sort(
    (left, right) => compareCursors(left.cursor, right.cursor),
  );
}

/** The same log under these labels. An entry whose label is the same stays the same object, so that it is not drawn again. */
export function relabel(log: Log, labels: Labels): Log {
  return log.map((placed) => {
    const { cursor, entry } = placed;
    const next = labelled(entry, labels);
    return next === entry || (next.kind === 'message' && isSameLabel(entry, next)) ? placed : { cursor, entry: next };
  });
}

/** The log, with one's own messages that are not stored yet at the end, in the order of writing. */
export function transcriptOf(
  state: Transcript['state'],
  log: Log,
  { items, waiting }: OutboxState,
  self: MemberId,
  labels: Labels,
): Transcript {
  const pending = items
    .filter(({ id }) => !isIn(log, id))
    .map(({ id, text, timestamp, failure }) => {
      const message = { kind: 'message', id, memberId: self, self: true, text, timestamp } as const;
      if (failure !== undefined) return labelled({ ...message, state: 'failed', failure }, labels);
      return labelled({ ...message, state: waiting ? 'waiting' : 'sending' }, labels);
    });
  return { state, entries: [...log.map(({ entry }) => entry), ...pending] };
}

function labelled(entry: SaidMessage | NoticeEntry, { labelOf, isNamed }: Labels): TranscriptEntry {
  if (entry.kind === 'message') {
    const { name, mark, tint } = labelOf(entry.memberId, entry.sender);
    return { ...entry, name, mark, tint };
  }
  const { memberId, unnamed, ...notice } = entry;
  if (unnamed === undefined || memberId === undefined || !isNamed(memberId)) return entry;
  const { name, mark } = labelOf(memberId);
  return { ...notice, memberId, name, mark };
}

const isSameLabel = (one: TranscriptEntry, other: MessageEntry) =>
  one.kind === 'message' && one.name === other.name && one.mark === other.mark && one.tint === other.tint;
