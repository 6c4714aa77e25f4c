import type { RoomOffer } from '@/domain/content';
import type { Failure } from '@/domain/failure';
import { compareCursors, CURSOR_START, type Cursor, type MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { SharedFile } from '@/session/files/shared-file';
import type { Label, NameBook } from '@/session/people/name-book';
import type { OutboxMessage, OutboxState } from './outbox/outbox-items';
import type { Unreadable } from './talk/heard';
import type { ReactionCount } from './talk/reactions';

/** The message that another one replies to, as it is now. */
export interface Quote extends Label {
  /** The key of its entry. */
  key: string;
  /** Missing where neither the message is loaded nor its author is known. */
  memberId?: MemberId | undefined;
  self: boolean;
  state: 'said' | Unreadable | 'taken-back' | 'not-loaded';
  /** Null unless it was `said`. */
  text: string | null;
  /** Of a message without words, whose name is the text. */
  file?: SharedFile;
}

/** Somebody who is spoken to by name. */
export interface Mention {
  memberId: MemberId;
  /** As it stands in the text, behind the `@`. */
  name: string;
  self: boolean;
}

/** A member who reacted, as shown. */
export interface Reactor extends Label {
  memberId: MemberId;
  self: boolean;
}

export interface MessageEntry extends Label {
  kind: 'message';
  /** The message's own id, from the moment it is sent. */
  id: MessageId;
  /** Unlike the id, no other entry has it, whatever the server claims. */
  key: string;
  /** Its place in the room's stream. Missing until it is stored. */
  cursor?: Cursor;
  memberId: MemberId;
  self: boolean;
  /** Null: it is not shown. */
  text: string | null;
  /** Why it is not. */
  unreadable?: Unreadable;
  /** The text is not the first one: when it was given (milliseconds since the epoch). */
  edited?: number;
  re?: Quote;
  /** A new room, whose link the text is. Anybody may send a link: only the owner's is an offer to go on there together. */
  offer?: RoomOffer;
  /** Its text is what its author says of it, and may be empty. */
  file?: SharedFile;
  /** Those that it speaks to by name; missing where there are none. */
  mentions?: readonly Mention[];
  /** Somebody else speaks to the reader: by name, or in an answer to something they said. */
  forYou?: 'mention' | 'reply';
  /** The most used ones and all of one's own; `moreReactions` counts the emoji that are not among them. */
  reactions?: readonly ReactionCount<Reactor>[];
  moreReactions?: number;
  /** It was taken back, and the others have not heard of it: `undoable` for a moment, then `sent`. */
  leaving?: 'undoable' | 'sent';
  timestamp: number;
  /** `waiting`: the line is down; it will be sent by itself. */
  state: 'sent' | 'sending' | 'waiting' | 'failed';
  failure?: Failure;
}

export interface NoticeEntry {
  kind: 'notice';
  id: string;
  /** Its place in the room's stream, which it may share with others. */
  cursor: Cursor;
  timestamp: number;
  /**
   * `other-name`: a message carried a name that its member does not have here. `took-back`: a member's own message;
   * `owner-took-back`: another member's, whose name is `newName`; `taken-back`: a message of this member, whether by them or by the owner.
   * `moved`: a member has made new keys, so nobody can tell whether `otherId`, who has the seat now and is called `newName`, is the same
   * person. `rekeyed`: this member, the owner, replaced the room's key. `listed`: the room stands on the front page now,
   * `topic`: under another one. `last-minute`: the page’s own, of no event. `slow-mode`: every `seconds` a message, 0 where it is off.
   * `extended`: these `people` agreed to ten minutes more; `not-extended`: a proposal of them was refused, or has lapsed, which no event says.
   * `ignored`: stands for a message of a member that the reader ignores.
   */
  notice:
    | 'joined'
    | 'left'
    | 'removed'
    | 'displaced'
    | 'moved'
    | 'rekeyed'
    | 'renamed'
    | 'other-name'
    | 'took-back'
    | 'owner-took-back'
    | 'taken-back'
    | 'new-owner'
    | 'locked'
    | 'unlocked'
    | 'slow-mode'
    | 'extended'
    | 'not-extended'
    | 'listed'
    | 'unlisted'
    | 'topic'
    | 'waited'
    | 'asks-first'
    | 'asks-nobody'
    | 'ignored'
    | 'last-minute';
  memberId?: MemberId;
  /** As it was at that moment, mark included; null where it did not open, and while no name is known. */
  name: string | null;
  mark?: number | undefined;
  /** No name was known at that moment: the first one to be known is shown here, even if it comes later. */
  unnamed?: true;
  /** The other member, where the notice has two. */
  otherId?: MemberId;
  /** The other name, where that is the news: the member's new one, or the one that the message carried. */
  newName?: string | null;
  newMark?: number | undefined;
  /** What a public room is about. */
  topic?: string | undefined;
  self: boolean;
  seconds?: number;
  people?: readonly Reactor[];
}

export type TranscriptEntry = MessageEntry | NoticeEntry;

/** The pages before those that are read. `failed`: they could not be read, which is tried again by itself. */
export type OlderPages = 'none' | 'more' | 'loading' | 'failed';

export interface Transcript {
  /** Of the newest messages: once they are read, one listens and speaks, whatever there is before them. */
  state: 'loading' | 'ready' | 'failed';
  older: OlderPages;
  entries: readonly TranscriptEntry[];
  /** The reader has cleared their own screen: what was said before is not shown, nor read on, until they ask for it. */
  cleared?: boolean;
}

/** A notice and its place in the room's stream. */
export interface Placed {
  cursor: Cursor;
  entry: NoticeEntry;
}

/** The names that entries are shown under. */
export type Labels = Pick<NameBook, 'labelOf' | 'isNamed'>;

/**
 * The entries that were read and one's own messages that are not stored yet. Those that go out by themselves stand at the end, in the
 * order of writing, where they will be stored. One that was refused stays where it was written, so that it hides nothing that comes.
 */
export function withPending(
  entries: readonly TranscriptEntry[],
  { items, waiting }: OutboxState,
  isKnown: (id: MessageId) => boolean,
  pendingEntry: (item: OutboxMessage, state: MessageEntry['state']) => MessageEntry | null,
): readonly TranscriptEntry[] {
  const refused: { after: Cursor; entry: MessageEntry }[] = [];
  const coming: MessageEntry[] = [];
  for (const item of items) {
    if (item.kind === 'removal' || isKnown(item.id)) continue;
    const state = item.failure !== undefined ? 'failed' : waiting ? 'waiting' : 'sending';
    const entry = pendingEntry(item, state);
    if (entry === null) continue;
    if (state === 'failed') refused.push({ after: item.after ?? CURSOR_START, entry });
    else coming.push(entry);
  }
  if (refused.length === 0 && coming.length === 0) return entries;
  // The server may show something else under the id of a message that it does not have.
  const keys = new Set([...refused.map(({ entry }) => entry.key), ...coming.map(({ key }) => key)]);
  const stored = entries.filter((entry) => entry.kind === 'notice' || !keys.has(entry.key));
  return [...withRefused(stored, refused), ...coming];
}

/** Each behind all that had been heard when it was written. */
function withRefused(
  stored: readonly TranscriptEntry[],
  refused: readonly { after: Cursor; entry: MessageEntry }[],
): readonly TranscriptEntry[] {
  const all: TranscriptEntry[] = [];
  let from = 0;
  for (const { after, entry } of [...refused].sort((one, other) => compareCursors(one.after, other.after))) {
    const isHeard = ({ cursor }: TranscriptEntry) => cursor !== undefined && compareCursors(cursor, after) <= 0;
    const place = stored.findLastIndex(isHeard) + 1;
    all.push(...stored.slice(from, place), entry);
    from = Math.max(from, place);
  }
  return [...all, ...stored.slice(from)];
}
