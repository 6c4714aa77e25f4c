import type { MemberId } from '@/domain/room';
import type { Store } from '@/lib/store';
import type { MessageEntry, NoticeEntry, Transcript, TranscriptEntry } from '@/session/messages/transcript';
import type { SessionContext } from '@/session/session-context';
import { readIgnored } from './kept-ignored';

/** The room's end is the server's, and clocks are not that exact. */
const SLACK_MS = 1_000;

/** Keeps the members that this person ignores for as long as the room lasts, and draws a line in the place of what they say. */
export function createIgnoring(
  { shelf, room, clock }: Pick<SessionContext, 'shelf' | 'room' | 'clock'>,
  members: Store<ReadonlySet<MemberId>>,
  shown: Store<((transcript: Transcript) => Transcript) | null>,
): {
  /** Takes over what another page has kept. */
  readonly take: (kept: string) => void;
} {
  let endsAt = 0;

  function keep() {
    endsAt = clock.toBrowserTime(room.get().expiresAt);
    const ignored = [...members.get()];
    shelf.put('ignored', ignored.length === 0 ? null : JSON.stringify({ endsAt, members: ignored }));
  }

  function follow() {
    const ignored = members.get();
    shown.set(ignored.size === 0 ? null : withoutIgnored(ignored));
    keep();
  }

  members.subscribe(follow);
  // The room's end may move, and this goes with it.
  room.subscribe(() => {
    if (members.get().size > 0 && clock.toBrowserTime(room.get().expiresAt) > endsAt + SLACK_MS) keep();
  });
  follow();
  return {
    take: (kept) => members.set(new Set([...members.get(), ...(readIgnored(kept)?.members ?? [])])),
  };
}

/** The same line for the same message, so that nothing is drawn again. */
const lines = new WeakMap<MessageEntry, NoticeEntry>();

/** The talk with a line in the place of what ignored members said, which is no news to anybody. */
function withoutIgnored(members: ReadonlySet<MemberId>): (transcript: Transcript) => Transcript {
  function shownAs(entry: TranscriptEntry): TranscriptEntry {
    if (entry.kind === 'notice' || entry.self || entry.cursor === undefined || !members.has(entry.memberId))
      return entry;
    const known = lines.get(entry);
    if (known !== undefined) return known;
    const { key, cursor, timestamp, memberId, name, mark } = entry;
    // Under the key of its message, which is the same place to whoever reads.
    const line: NoticeEntry = {
      kind: 'notice',
      id: key,
      cursor,
      timestamp,
      notice: 'ignored',
      memberId,
      name,
      mark,
      self: false,
    };
    lines.set(entry, line);
    return line;
  }
  return (transcript) => ({ ...transcript, entries: transcript.entries.map(shownAs) });
}
