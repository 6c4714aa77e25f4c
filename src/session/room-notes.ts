import { createListingEvents } from './listing-events';
import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { People } from './people/people';
import type { NoteChange } from './room-events';
import type { SessionContext } from './session-context';

/** All that the talk says of a room that changes, but for its lock: one function for each kind of change. */
export function createRoomNotes(context: SessionContext, people: People, log: Pick<LogStore, 'note'>): NoteChange {
  const notes: readonly NoteChange[] = [
    noteEntry(log),
    noteSlowMode(log),
    noteExtension(context, people, log),
    createListingEvents(context, log),
  ];
  return (...change) => {
    // Notes of a room that has ended would stand in a talk that is cleared.
    if (!context.over.aborted) for (const note of notes) note(...change);
  };
}

const noteEntry =
  (log: Pick<LogStore, 'note'>): NoteChange =>
  (cursor, { entry }) => {
    if (entry !== undefined) log.note([noticeAt(cursor, entry === 'knock' ? 'asks-first' : 'asks-nobody')]);
  };

const noteSlowMode =
  (log: Pick<LogStore, 'note'>): NoteChange =>
  (cursor, { slowModeSeconds: seconds }) => {
    if (seconds !== undefined) log.note([noticeAt(cursor, 'slow-mode', { seconds })]);
  };

/** The end moves once everybody who is here has agreed; the last of them agreed with the event that says so. */
const noteExtension =
  ({ self, clock }: SessionContext, people: People, log: Pick<LogStore, 'note'>): NoteChange =>
  (cursor, { expiresAt, extension }, before) => {
    if (expiresAt !== undefined) {
      const here = people.list.get().flatMap((person) => (person.here ? person.memberId : []));
      const agreed = new Set([...(before.extension?.agreed ?? []), ...here]);
      const agreeing = [...agreed].map((memberId) => ({
        memberId,
        ...people.labelOf(memberId),
        self: memberId === self,
      }));
      log.note([noticeAt(cursor, 'extended', { people: agreeing })]);
    } else if (extension === null && (before.extension?.until ?? 0) > clock.now())
      log.note([noticeAt(cursor, 'not-extended')]);
  };
