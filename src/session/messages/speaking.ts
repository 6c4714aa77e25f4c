import type { Failure } from '@/domain/failure';
import { CURSOR_START, type MessageId } from '@/domain/message';
import { createOutdated } from '@/session/outdated';
import type { SessionContext } from '@/session/session-context';
import type { SessionEvents } from '@/session/session-events';
import type { RunningSteering } from '@/session/steering';
import type { Calling } from '@/session/people/calling';
import { addressingOf } from './addressing';
import { createComposer } from './composer';
import { createKeptDraft } from './kept-draft';
import { createOutbox } from './outbox/outbox';
import { createOutgoing, keptWith } from './outgoing';
import { createSaying } from './saying';
import { createSecondThoughts } from './second-thoughts';
import type { LogStore } from './transcript-store';

interface SpeakingParts {
  readonly people: Calling;
  readonly log: LogStore;
  readonly events: Pick<SessionEvents, 'takeStored' | 'takeBack'>;
  readonly steering: Pick<RunningSteering, 'ways' | 'noteSaid'>;
}

/** All ways in which a member says something, and takes it back: everything goes through the outbox, in order. */
export function createSpeaking(
  context: SessionContext,
  { people, log, events, steering }: SpeakingParts,
  onSend: () => void,
  onKept: (failure: Failure) => void,
) {
  const outbox = createOutbox(context, {
    onStored: (stored, message) => {
      events.takeStored(stored, message);
      steering.noteSaid(stored.timestamp);
    },
    isHeard: (id) => log.isKnown({ id, by: context.self }) || log.isRemoved(id),
    newest: () => (log.newest() === CURSOR_START ? undefined : log.newest()),
    onTakenBack: (id) => events.takeBack(id, context.self),
    onKept,
  });
  const addressing = addressingOf(context, people);
  const saying = createSaying(context, addressing, outbox, log, onSend);
  const { undoable, settleThen, ...secondThoughts } = createSecondThoughts(context, log, outbox, saying.takeBack);
  const { clear, written, restore, giveBack, ...writing } = createComposer(
    context,
    log,
    outbox,
    { addressing, edit: saying.edit, slowUntil: steering.ways.slowUntil },
    onSend,
  );
  const kept = createKeptDraft(context, { ...writing, written, restore }, outbox, context.page.isOutdated);
  return {
    outbox,
    undoable,
    settleThen,
    /** Brings back what was written before this page was loaded. */
    recall: () => {
      outbox.recall();
      kept.recall();
    },
    /** Empties draft and outbox, and returns all that was not stored. */
    clear,
    giveBack,
    /** The room has a message of one's own. */
    noteOwn: (id: MessageId, timestamp: number) => {
      outbox.noteStored(id);
      steering.noteSaid(timestamp);
    },
    ways: {
      ...writing,
      ...saying,
      ...secondThoughts,
      ...createOutdated(context, kept.keep),
      outgoing: createOutgoing(outbox),
      keptWith: keptWith(context),
    },
  };
}
