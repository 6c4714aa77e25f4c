import type { MessageId } from '@/domain/message';
import { deriveStore } from '@/lib/derived-store';
import { createStore, type Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import { saidOf } from '@/session/speech';
import { withOwnChanges, type OwnChanges, type Reworded } from './own-changes';
import type { OutboxMessage, OutboxState } from './outbox/outbox-items';
import type { Heard } from './talk/heard';
import { mentionedBy, noticedIn } from './talk/mentions';
import { createTalk, type Talk } from './talk/talk';
import {
  withPending,
  type MessageEntry,
  type OlderPages,
  type Placed,
  type Transcript,
  type TranscriptEntry,
} from './transcript';

export interface LogStore
  extends
    Readable<readonly TranscriptEntry[]>,
    Pick<Talk, 'keyOf' | 'find' | 'isKnown' | 'isRemoved' | 'isTakenBack' | 'quoteOf' | 'newest'> {
  readonly take: (heard: readonly Heard[]) => void;
  /** Returns the entries that disappear. */
  readonly remove: (ids: readonly MessageId[]) => readonly MessageEntry[];
  readonly sweep: Talk['sweep'];
  readonly note: (notices: readonly Placed[]) => void;
  readonly clear: () => void;
}

/** Messages and notices in the order of the room's stream. `SessionEvents` alone adds to it, live or from the history. */
export function createLog({ room, self, links }: SessionContext, people: People): LogStore {
  const isSealed = room.get().sealed;
  const mentioned = mentionedBy(people, isSealed);
  const settings = { isSealed, self, labels: people, mentioned, links };
  let talk = createTalk(settings);
  const store = createStore<readonly TranscriptEntry[]>([]);
  const show = () => store.set(talk.entries());
  people.naming.subscribe(() => {
    talk.relabel();
    show();
  });
  return {
    get: store.get,
    subscribe: store.subscribe,
    keyOf: (ref) => talk.keyOf(ref),
    find: (ref) => talk.find(ref),
    isKnown: (ref) => talk.isKnown(ref),
    isRemoved: (id) => talk.isRemoved(id),
    isTakenBack: (key) => talk.isTakenBack(key),
    quoteOf: (ref) => talk.quoteOf(ref),
    newest: () => talk.newest(),
    take: (heard) => {
      talk.take(heard);
      show();
    },
    remove: (ids) => {
      const gone = talk.remove(ids);
      show();
      return gone;
    },
    sweep: (isNone) => {
      talk.sweep(isNone);
      show();
    },
    note: (notices) => {
      talk.note(notices);
      show();
    },
    clear: () => {
      talk = createTalk(settings);
      show();
    },
  };
}

/** How far the history has been read, as the transcript says it. */
export interface ReadState {
  state: Transcript['state'];
  older: OlderPages;
}

/** What this member has done, and the server does not know yet. */
export interface Unstored {
  readonly outbox: Readable<OutboxState>;
  readonly undoable: Readable<ReadonlySet<string>>;
}

/**
 * The transcript is computed, never written to. It changes when one of these does: the log; somebody's name; the outbox, which holds
 * one's own messages that are not stored yet; what one takes back; the history's state, which says how much of it has been read.
 */
export function createTranscript(
  { self, room, links }: SessionContext,
  people: People,
  log: LogStore,
  { outbox, undoable }: Unstored,
  history: Readable<ReadState>,
): Readable<Transcript> {
  const isKnown = (id: MessageId) => log.isKnown({ id, by: self });
  const mentioned = mentionedBy(people, room.get().sealed);

  /** An edit whose message is there changes that. */
  const isInPlace = ({ content, failure }: OutboxMessage) =>
    content.kind === 'edit' && failure === undefined && log.find({ id: content.id, by: self })?.message != null;

  /** Of edits and reactions only one that was refused, so that it can be tried again, and an edit of what is not loaded. */
  function pendingEntry(item: OutboxMessage, state: MessageEntry['state']): MessageEntry | null {
    const { id, content, timestamp, failure } = item;
    const said = saidOf(content, self);
    if ((said.kind === 'reaction' && failure === undefined) || isInPlace(item)) return null;
    return {
      kind: 'message',
      id,
      key: log.keyOf({ id, by: self }),
      memberId: self,
      self: true,
      ...people.labelOf(self),
      text: said.kind === 'text' || said.kind === 'edit' ? said.text : said.kind === 'reaction' ? said.emoji : null,
      ...(said.kind === 'edit' && { edited: timestamp }),
      ...(said.kind === 'room' && { text: links.linkTo(said.offer), offer: said.offer }),
      ...(said.kind === 'file' && { text: said.text ?? '', file: said.file }),
      ...(said.kind === 'text' && said.re && { re: log.quoteOf(said.re) }),
      ...((said.kind === 'text' || said.kind === 'edit') && noticedIn({ memberId: self, self }, mentioned(said))),
      timestamp,
      state,
      ...(failure && { failure }),
    };
  }

  function reworded(): ReadonlyMap<string, Reworded> {
    const { items, waiting } = outbox.get();
    const edits = items.filter((item) => item.kind === 'message').filter(isInPlace);
    return new Map(
      edits.flatMap(({ id, content, timestamp }) => {
        if (content.kind !== 'edit' || isKnown(id)) return [];
        const { mentions } = noticedIn({ memberId: self, self }, mentioned(content));
        const state = waiting ? 'waiting' : 'sending';
        const key = log.keyOf({ id: content.id, by: self });
        return [[key, { text: content.text, edited: timestamp, ...(mentions && { mentions }), state }] as const];
      }),
    );
  }

  const changes = (): OwnChanges => ({
    ...log,
    outbox: outbox.get(),
    undoable: undoable.get(),
    reworded: reworded(),
    reactor: { ...people.labelOf(self), memberId: self, self: true },
  });
  return deriveStore([log, people.naming, outbox, undoable, history], () => ({
    ...history.get(),
    entries: withOwnChanges(withPending(log.get(), outbox.get(), isKnown, pendingEntry), changes()),
  }));
}
