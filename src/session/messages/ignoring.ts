import type { MemberId } from '@/domain/room';
import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { MessageEntry, NoticeEntry, Transcript, TranscriptEntry } from './transcript';

/** The talk with a line in the place of what ignored members said, which is no news to anybody. */
export function withoutIgnored(
  whole: Readable<Transcript>,
  ignored: Readable<ReadonlySet<MemberId>>,
): Readable<Transcript> {
  /** The same line for the same message, so that nothing is drawn again. */
  const lines = new WeakMap<MessageEntry, NoticeEntry>();

  function shown(entry: TranscriptEntry, members: ReadonlySet<MemberId>): TranscriptEntry {
    if (entry.kind === 'notice' || entry.self || entry.cursor === undefined || !members.has(entry.memberId))
      return entry;
    const { key, cursor, timestamp, memberId, name, mark } = entry;
    const known = lines.get(entry);
    if (known !== undefined) return known;
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

  return deriveStore([whole, ignored], () => {
    const members = ignored.get();
    const transcript = whole.get();
    if (members.size === 0) return transcript;
    return { ...transcript, entries: transcript.entries.map((entry) => shown(entry, members)) };
  });
}
