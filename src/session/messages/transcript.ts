import type { Failure } from '@/domain/failure';
import { compareCursors, CURSOR_START, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { Label, NameBook } from '@/session/people/name-book';
import { createStore, type Readable } from '@/lib/store';

export interface MessageEntry extends Label {
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
  /** `waiting`: the line is down; it goes out by itself. */
  state: 'sent' | 'sending' | 'waiting' | 'failed';
  failure?: Failure;
}

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
  /** As it was then, mark included; null where it did not open, and while none is known. */
  name: string | null;
  mark?: number | undefined;
  /** None was known then: the first that is told stands here, though it be told later. */
  unnamed?: true;
  /** The other name, where that is the news: what the member is called since, or what the message said. */
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
export interface Placed {
  cursor: Cursor;
  entry: TranscriptEntry;
}

/** What entries are named by. */
export type Labels = Pick<NameBook, 'labelOf' | 'isNamed'>;

/** Both answer the same entry where nothing changes, so that it is not drawn anew. */
function namedMessage(entry: MessageEntry, { labelOf }: Labels): MessageEntry {
  const { name, mark, tint } = labelOf(entry.memberId, entry.sender);
  return name === entry.name && mark === entry.mark && tint === entry.tint ? entry : { ...entry, name, mark, tint };
}

function namedNotice(entry: NoticeEntry, { labelOf, isNamed }: Labels): NoticeEntry {
  const { memberId, unnamed, ...told } = entry;
  if (unnamed === undefined || memberId === undefined || !isNamed(memberId)) return entry;
  const { name, mark } = labelOf(memberId);
  return { ...told, memberId, name, mark };
}

export interface TranscriptLog extends Readable<Transcript> {
  /** Takes what the stream or the history told; what stands already is not put twice. */
  readonly put: (placed: readonly Placed[]) => void;
  readonly has: (id: string) => boolean;
  readonly setState: (state: Transcript['state']) => void;
  /** One's own messages that are not stored yet; they stand last, in the order of writing. */
  readonly setPending: (pending: readonly MessageEntry[]) => void;
  /** Where the newest entry stands. */
  readonly newest: () => Cursor;
  /** Shows all messages by these labels from now on; to be called again whenever somebody's is another. */
  readonly setNames: (current: Labels) => void;
  readonly clear: () => void;
}

/** What was said and what happened, each once and in the order of the room's stream. */
export function createTranscript(): TranscriptLog {
  const store = createStore<Transcript>({ state: 'loading', entries: [] });
  const ids = new Set<string>();
  let log: Placed[] = [];
  let pending: readonly MessageEntry[] = [];
  let labels: Labels | null = null;

  function named(entry: TranscriptEntry): TranscriptEntry {
    if (labels === null) return entry;
    return entry.kind === 'message' ? namedMessage(entry, labels) : namedNotice(entry, labels);
  }

  const show = (state = store.get().state) =>
    store.set({
      state,
      entries: [...log.map(({ entry }) => entry), ...pending.filter(({ id }) => !ids.has(id)).map(named)],
    });

  return {
    get: store.get,
    subscribe: store.subscribe,
    has: (id) => ids.has(id),
    newest: () => log.at(-1)?.cursor ?? CURSOR_START,
    put: (placed) => {
      const fresh = placed.filter(({ entry }) => !ids.has(entry.id) && ids.add(entry.id));
      if (fresh.length === 0) return;
      // Named here, for opening a text takes its time, and somebody may be called otherwise since.
      log = [...log, ...fresh.map(({ cursor, entry }) => ({ cursor, entry: named(entry) }))].sort((left, right) =>
        compareCursors(left.cursor, right.cursor),
      );
      show();
    },
    setState: (state) => show(state),
    setPending: (entries) => {
      pending = entries;
      show();
    },
    setNames: (current) => {
      labels = current;
      log = log.map((placed) => {
        const entry = named(placed.entry);
        return entry === placed.entry ? placed : { ...placed, entry };
      });
      show();
    },
    clear: () => {
      ids.clear();
      log = [];
      pending = [];
      show();
    },
  };
}
