import type { Failure } from '@/domain/failure';
import { createOutdated } from '@/session/outdated';
import type { SessionContext } from '@/session/session-context';
import type { SessionEvents } from '@/session/session-events';
import { createComposer } from './composer';
import { createOutbox } from './outbox/outbox';
import { createSaying } from './saying';
import type { LogStore } from './transcript-store';

/** All ways in which a member says something, and takes it back: everything goes through the outbox, in order. */
export function createSpeaking(
  context: SessionContext,
  log: LogStore,
  events: Pick<SessionEvents, 'takeStored' | 'takeBack'>,
  onSend: () => void,
  onKept: (failure: Failure) => void,
) {
  const outbox = createOutbox(context, {
    onStored: events.takeStored,
    isHeard: (id) => log.isKnown({ id, by: context.self }) || log.isRemoved(id),
    onTakenBack: (id) => events.takeBack(id, context.self),
    onKept,
  });
  const { clear, unsent, ...writing } = createComposer(context, outbox, onSend);
  const { recall: recallDraft, ...outdated } = createOutdated(context, { ...writing, unsent }, outbox);
  return {
    outbox,
    /** Brings back what was written before this page was loaded. */
    recall: () => {
      void outbox.recall();
      void recallDraft();
    },
    /** Empties draft and outbox, and returns all that was not stored. */
    clear,
    ways: { ...writing, ...createSaying(context, outbox, log, onSend), ...outdated },
  };
}
