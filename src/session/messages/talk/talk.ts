import { compareCursors, CURSOR_START, type Cursor, type MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { insertAllInOrder, insertInOrder } from '@/lib/ordered-list';
import type { Labels, MessageEntry, NoticeEntry, Placed, TranscriptEntry } from '@/session/messages/transcript';
import { createEntries, isSame, type Entries } from './entries';
import type { Heard } from './heard';
import type { MentionedIn } from './mentions';
import { createThreads, type Thread, type Threads } from './threads';

export interface Talk
  extends Pick<Threads, 'keyOf' | 'find' | 'isKnown' | 'isRemoved' | 'isTakenBack'>, Pick<Entries, 'quoteOf'> {
  /** Another list whenever something changed; entries that did not change stay the same objects. */
  readonly entries: () => readonly TranscriptEntry[];
  /** The newest place that anything was taken from. */
  readonly newest: () => Cursor;
  readonly take: (heard: readonly Heard[]) => void;
  /** Returns the entries that disappear. */
  readonly remove: (ids: readonly MessageId[]) => readonly MessageEntry[];
  /** Takes out what turns out to be no message of the room. */
  readonly sweep: (isNone: (heard: Heard) => boolean) => void;
  readonly note: (notices: readonly Placed[]) => void;
  /** Shows everything under the names that hold now. */
  readonly relabel: () => void;
}

export interface TalkSettings {
  isSealed: boolean;
  self: MemberId;
  labels: Labels;
  /** Whom the words of a message speak to; nobody where that is not asked. */
  mentioned?: MentionedIn;
  /** For tests, which count comparisons. */
  compare?: (left: Cursor, right: Cursor) => number;
}

/**
 * A room's messages in the order of its stream, with edits, reactions and removals applied: the same whatever
 * the order in which they are loaded. An event at the end costs the same in a long talk as in a short one, except for
 * the copy of the list.
 */
export function createTalk({
  isSealed,
  self,
  labels,
  mentioned = () => [],
  compare = compareCursors,
}: TalkSettings): Talk {
  const threads = createThreads(isSealed, compare);
  const entries = createEntries(threads, self, labels, mentioned);
  const lines = createLines(compare, entries);
  let newest = CURSOR_START;

  const reach = (cursor: Cursor) => {
    if (compare(cursor, newest) > 0) newest = cursor;
  };

  return {
    keyOf: threads.keyOf,
    find: threads.find,
    isKnown: threads.isKnown,
    isRemoved: threads.isRemoved,
    isTakenBack: threads.isTakenBack,
    quoteOf: entries.quoteOf,
    entries: lines.entries,
    newest: () => newest,
    take: (heard) => {
      const touched = new Set<Thread>();
      for (const one of heard) {
        const thread = threads.take(one);
        if (thread !== null) touched.add(thread);
        reach(one.cursor);
      }
      lines.draw(touched);
    },
    remove: (ids) => lines.draw(new Set(ids.flatMap(threads.remove))),
    sweep: (isNone) => void lines.draw(new Set(threads.sweep(isNone))),
    note: (notices) => {
      for (const { cursor } of notices) reach(cursor);
      lines.note(notices);
    },
    relabel: lines.relabel,
  };
}

/** One line of the transcript in its place. */
type Line = { cursor: Cursor } & ({ entry: MessageEntry; thread: Thread } | { entry: NoticeEntry; thread: null });

const isQuotedTheSame = (one: MessageEntry | undefined, other: MessageEntry | undefined) =>
  one !== undefined && other !== undefined && one.text === other.text && one.unreadable === other.unreadable;

/** The lines that are shown, in order. */
function createLines(compare: (left: Cursor, right: Cursor) => number, { messageOf, noticeOf }: Entries) {
  const ordered: Line[] = [];
  const shown = new Map<Thread, Line & { thread: Thread }>();
  const notices = new Set<string>();
  let list: readonly TranscriptEntry[] | null = [];
  const inOrder = (left: Line, right: Line) => compare(left.cursor, right.cursor);

  function take(line: Line & { thread: Thread }) {
    ordered.splice(ordered.lastIndexOf(line), 1);
    shown.delete(line.thread);
    list = null;
  }

  /** Returns the line where it is new. */
  function drawOne(thread: Thread): (Line & { thread: Thread }) | null {
    const line = shown.get(thread);
    const entry = messageOf(thread);
    const cursor = thread.message?.cursor;
    if (line !== undefined && line.cursor === cursor && entry !== null) {
      if (isSame(line.entry, entry)) return null;
      line.entry = entry;
      list = null;
      return null;
    }
    if (line !== undefined) take(line);
    if (entry === null || cursor === undefined) return null;
    const drawn = { cursor, entry, thread };
    shown.set(thread, drawn);
    return drawn;
  }

  /** Draws what has changed, and the replies to it, which quote it. Returns the entries that disappear. */
  function draw(threads: ReadonlySet<Thread>): readonly MessageEntry[] {
    const added: Line[] = [];
    const gone: MessageEntry[] = [];
    const drawAll = (thread: Thread) => {
      const line = drawOne(thread);
      if (line !== null) added.push(line);
    };
    for (const thread of threads) {
      const before = shown.get(thread)?.entry;
      drawAll(thread);
      const after = shown.get(thread)?.entry;
      if (before !== undefined && after === undefined) gone.push(before);
      if (!isQuotedTheSame(before, after)) [...thread.replies].filter((reply) => shown.has(reply)).forEach(drawAll);
    }
    const isAtEnd = insertAllInOrder(ordered, added.sort(inOrder), inOrder);
    // Most arrivals only lengthen the list.
    if (added.length > 0) list = isAtEnd && list !== null ? [...list, ...added.map(({ entry }) => entry)] : null;
    return gone;
  }

  return {
    entries: () => (list ??= ordered.map(({ entry }) => entry)),
    draw,
    note: (placed: readonly Placed[]) => {
      for (const { cursor, entry } of placed) {
        if (notices.has(entry.id)) continue;
        notices.add(entry.id);
        insertInOrder(ordered, { cursor, entry: noticeOf(entry), thread: null }, inOrder);
        list = null;
      }
    },
    relabel: () => {
      for (const line of ordered) {
        if (line.thread !== null) {
          drawOne(line.thread);
          continue;
        }
        const entry = noticeOf(line.entry);
        if (entry !== line.entry) list = null;
        line.entry = entry;
      }
    },
  };
}
