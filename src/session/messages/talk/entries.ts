import type { MemberId } from '@/domain/room';
import type { Label } from '@/session/people/name-book';
import type { Labels, MessageEntry, NoticeEntry, Quote, Reactor } from '@/session/messages/transcript';
import type { RoomLinks } from '@/session/room-links';
import { isOf, isUnreadable, type Heard, type Ref } from './heard';
import { noticedIn, type MentionedIn, type Spoken } from './mentions';
import type { ReactionCount } from './reactions';
import { editOf, type Thread, type Threads } from './threads';

/** Turns what is known of a message into what is shown of it. */
export interface Entries {
  /** Null while the message itself is not loaded, and once it was taken back. */
  readonly messageOf: (thread: Thread) => MessageEntry | null;
  readonly quoteOf: (ref: Ref) => Quote;
  readonly noticeOf: (entry: NoticeEntry) => NoticeEntry;
}

export function createEntries(
  threads: Threads,
  self: MemberId,
  { labelOf, isNamed }: Labels,
  mentioned: MentionedIn,
  { linkTo, roomIn }: RoomLinks,
): Entries {
  /** As shown: mark and colour, too. */
  function person(memberId: MemberId, sender?: string | null): Label & { memberId: MemberId; self: boolean } {
    return { ...labelOf(memberId, sender), memberId, self: memberId === self };
  }

  /** The text as it is now, and the people it speaks to. */
  function wordsOf(thread: Thread, message: Heard): Spoken | null {
    if (isOf(message, 'room')) return { text: linkTo(message.said.offer) };
    if (isOf(message, 'file')) return { text: message.said.text ?? '' };
    if (!isOf(message, 'text')) return null;
    return (editOf(thread, message.memberId) ?? message).said;
  }

  const withNames = ({ by, ...count }: ReactionCount<MemberId>): ReactionCount<Reactor> => ({
    ...count,
    by: by.map((memberId) => person(memberId)),
  });

  function quoteOf(ref: Ref): Quote {
    const thread = threads.find(ref);
    const message = thread?.message;
    if (thread !== undefined && message) {
      const { kind } = message.said;
      const words = wordsOf(thread, message)?.text;
      // A file without words is quoted by its name.
      const text = message.said.kind === 'file' ? words || message.said.file.name : (words ?? null);
      const state = isUnreadable(kind) ? kind : 'said';
      const file = message.said.kind === 'file' && !words ? { file: message.said.file } : {};
      return { key: threads.keyOf(ref), ...person(message.memberId, message.sender), state, text, ...file };
    }
    const state = threads.isRemoved(ref.id) ? 'taken-back' : 'not-loaded';
    const author = ref.by === undefined ? { name: null, tint: 0, self: false } : person(ref.by);
    return { key: threads.keyOf(ref), ...author, state, text: null };
  }

  return {
    quoteOf,
    messageOf: (thread) => {
      const { key, message, reactions } = thread;
      if (message === null) return null;
      const { id, cursor, memberId, sender, timestamp, said } = message;
      const { shown, more } = reactions?.counts(self) ?? { shown: [], more: 0 };
      const edit = said.kind === 'text' ? editOf(thread, memberId) : undefined;
      const re = said.kind === 'text' && said.re ? quoteOf(said.re) : undefined;
      const words = wordsOf(thread, message);
      const offer = said.kind === 'room' ? said.offer : words && !re ? roomIn(words.text) : null;
      return {
        kind: 'message',
        key,
        id,
        cursor,
        ...person(memberId, sender),
        text: words?.text ?? null,
        ...(isUnreadable(said.kind) && { unreadable: said.kind }),
        ...(edit && { edited: edit.timestamp }),
        ...(re && { re }),
        ...(offer && { offer }),
        ...(said.kind === 'file' && { file: said.file }),
        ...(words && noticedIn({ memberId, self, re }, mentioned(words))),
        ...(shown.length > 0 && { reactions: shown.map(withNames) }),
        ...(more > 0 && { moreReactions: more }),
        timestamp,
        state: 'sent',
      };
    },
    noticeOf: (entry) => {
      const { memberId, unnamed, ...notice } = entry;
      if (unnamed === undefined || memberId === undefined || !isNamed(memberId)) return entry;
      const { name, mark } = labelOf(memberId);
      return { ...notice, memberId, name, mark };
    },
  };
}

/** Whether two entries, or parts of them, show the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const fields = Object.entries(one);
  return (
    fields.length === Object.keys(other).length &&
    fields.every(([name, value]) => isSame(value, Reflect.get(other, name) as unknown))
  );
}
