import { CURSOR_START, type Cursor } from '@/domain/message';
import { deriveStore } from '@/lib/derived-store';
import { createStore, type Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import type { OutboxState } from './outbox/outbox-items';
import { fold, isIn, relabel, transcriptOf, type Log, type Placed, type Transcript } from './transcript';

export interface LogStore extends Readable<Log> {
  readonly put: (read: readonly Placed[]) => void;
  readonly has: (id: string) => boolean;
  /** The place of the newest entry. */
  readonly newest: () => Cursor;
  readonly clear: () => void;
}

/** Messages and notices in the order of the room's stream. `SessionEvents` alone adds to it, live or from the history. */
export function createLog(people: People): LogStore {
  const store = createStore<Log>([]);
  people.naming.subscribe(() => store.set(relabel(store.get(), people)));
  return {
    get: store.get,
    subscribe: store.subscribe,
    put: (read) => store.set(fold(store.get(), read, people)),
    has: (id) => isIn(store.get(), id),
    newest: () => store.get().at(-1)?.cursor ?? CURSOR_START,
    clear: () => store.set([]),
  };
}

/**
 * The transcript is computed, never written to. It changes when one of these does: the log; somebody's name; the outbox, which holds
 * one's own messages that are not stored yet; the history's state, which says whether all of it has been read.
 */
export function createTranscript(
  { self }: SessionContext,
  people: People,
  log: Readable<Log>,
  outbox: Readable<OutboxState>,
  history: Readable<Transcript['state']>,
): Readable<Transcript> {
  return deriveStore([log, people.naming, outbox, history], () =>
    transcriptOf(history.get(), log.get(), outbox.get(), self, people),
  );
}
