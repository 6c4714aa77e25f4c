import type { Failure } from '@/client/failure';
import { compareCursors, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from './store';

export interface MessageEntry {
  kind: 'message';
  /** The message's own id, from the moment it is sent. */
  id: string;
  memberId: MemberId;
  self: boolean;
  name: string | null;
  tint: number;
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
  notice: 'joined' | 'left' | 'removed' | 'displaced' | 'renamed' | 'new-owner' | 'locked' | 'unlocked';
  memberId?: MemberId;
  /** As it was then; null while it is not known. */
  name: string | null;
  /** What the member is called since, where that is the news. */
  newName?: string;
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

export interface TranscriptLog extends Readable<Transcript> {
  /** Takes what the stream or the history told; what stands already is not put twice. */
  readonly put: (placed: readonly Placed[]) => void;
  readonly has: (id: string) => boolean;
  readonly setState: (state: Transcript['state']) => void;
  /** One's own messages that are not stored yet; they stand last, in the order of writing. */
  readonly setPending: (pending: readonly MessageEntry[]) => void;
  /** Notices are told with the first name that is known, though it be known later. */
  readonly setNames: (nameOf: (memberId: MemberId) => string | null) => void;
  readonly clear: () => void;
}

/** What was said and what happened, each once and in the order of the room's stream. */
export function createTranscript(): TranscriptLog {
  const store = createStore<Transcript>({ state: 'loading', entries: [] });
  const ids = new Set<string>();
  let log: Placed[] = [];
  let pending: readonly MessageEntry[] = [];

  const show = (state = store.get().state) =>
    store.set({ state, entries: [...log.map(({ entry }) => entry), ...pending.filter(({ id }) => !ids.has(id))] });

  return {
    get: store.get,
    subscribe: store.subscribe,
    has: (id) => ids.has(id),
    put: (placed) => {
      const fresh = placed.filter(({ entry }) => !ids.has(entry.id) && ids.add(entry.id));
      if (fresh.length === 0) return;
      log = [...log, ...fresh].sort((left, right) => compareCursors(left.cursor, right.cursor));
      show();
    },
    setState: (state) => show(state),
    setPending: (entries) => {
      pending = entries;
      show();
    },
    setNames: (nameOf) => {
      const named = log.map((placed) => {
        const { cursor, entry } = placed;
        if (entry.kind !== 'notice' || entry.memberId === undefined || entry.name !== null) return placed;
        const name = nameOf(entry.memberId);
        return name === null ? placed : { cursor, entry: { ...entry, name } };
      });
      if (named.every((placed, index) => placed === log[index])) return;
      log = named;
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
