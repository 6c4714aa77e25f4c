import type { EventData } from '@/domain/events';
import type { Member } from '@/domain/member';
import { compareCursors, type Cursor } from '@/domain/message';
import { memberIdSchema, type MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import type { LogStore } from '@/session/messages/transcript-store';
import type { People } from '@/session/people/people';
import type { SessionContext } from '@/session/session-context';
import type { SeenMarking, SeenMarks } from './seen-marks';

/** A name ends with its message, or after this time: somebody who goes on says so every ten seconds. */
const TYPING_MS = 12_000;

export interface HeardSignals {
  /** The others who are writing, in the order in which they began. */
  readonly typing: Readable<readonly MemberId[]>;
  readonly seen: Readable<SeenMarks>;
  /** How far one of them is known to have read, oneself included: another tab may have said it. */
  readonly seenBy: (memberId: MemberId) => Cursor | undefined;
  /** Whether the list of members was read, which says how far each had read before. */
  readonly isListed: Readable<boolean>;
  readonly note: (signals: EventData<'member.signals'>) => void;
  readonly takeList: (members: readonly Pick<Member, 'memberId' | 'seen'>[]) => void;
  /** A message of theirs has come. */
  readonly endTyping: (memberId: MemberId) => void;
  /** A member has left, or goes on under another id. */
  readonly leave: (left: EventData<'member.left'>) => void;
  readonly stop: () => void;
}

/** What the others signal. Nothing is shown to a person who shows nothing. */
export function createHeardSignals(
  { self, signalsWanted }: SessionContext,
  people: Pick<People, 'list'>,
  log: Pick<LogStore, 'get' | 'subscribe'>,
  marking: Readable<SeenMarking | null>,
): HeardSignals {
  const typing = createStore<readonly MemberId[]>([]);
  const timers = new Map<MemberId, ReturnType<typeof setTimeout>>();
  const cursors = new Map<MemberId, Cursor>();
  const seen = createStore<SeenMarks>(new Map());
  const isListed = createStore(false);

  function endTyping(memberId: MemberId) {
    clearTimeout(timers.get(memberId));
    if (timers.delete(memberId)) typing.set([...timers.keys()]);
  }

  function noteTyping(memberId: MemberId) {
    if (memberId === self || !signalsWanted.get()) return;
    const isNew = !timers.has(memberId);
    clearTimeout(timers.get(memberId));
    timers.set(
      memberId,
      setTimeout(() => endTyping(memberId), TYPING_MS),
    );
    if (isNew) typing.set([...timers.keys()]);
  }

  function noteSeen(memberId: MemberId, cursor: Cursor) {
    const known = cursors.get(memberId);
    if (known === undefined || compareCursors(cursor, known) > 0) cursors.set(memberId, cursor);
  }

  function show() {
    const there = marking.get();
    if (there === null) return;
    const marks = signalsWanted.get() ? there.seenMarks(log.get(), people.list.get(), cursors) : new Map();
    seen.set(there.withSame(marks, seen.get()));
  }

  log.subscribe(show);
  people.list.subscribe(show);
  marking.subscribe(show);
  const unfollow = signalsWanted.subscribe(() => {
    if (!signalsWanted.get()) [...timers.keys()].forEach(endTyping);
    show();
  });
  return {
    typing,
    seen,
    seenBy: (memberId) => cursors.get(memberId),
    isListed,
    note: (signals) => {
      signals.typing?.forEach(noteTyping);
      if (signals.seen === undefined) return;
      for (const [id, cursor] of Object.entries(signals.seen)) noteSeen(memberIdSchema.parse(id), cursor);
      show();
    },
    takeList: (members) => {
      // It may be older than the events that came meanwhile: a place never goes back.
      for (const { memberId, seen: cursor } of members) if (cursor !== undefined) noteSeen(memberId, cursor);
      isListed.set(true);
      show();
    },
    endTyping,
    stop: () => {
      unfollow();
      for (const timer of timers.values()) clearTimeout(timer);
    },
    leave: ({ memberId, to }) => {
      const cursor = cursors.get(memberId);
      if (to !== undefined && cursor !== undefined) noteSeen(to, cursor);
      endTyping(memberId);
    },
  };
}
