import type { EventData } from '@/domain/events';
import type { Cursor } from '@/domain/message';
import type { Room } from '@/domain/room';
import { createListingEvents } from './listing-events';
import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { People } from './people/people';
import type { createMemberEvents } from './people/member-events';
import type { SessionContext } from './session-context';

export type RoomChange = EventData<'room.updated'>;

/** What the talk says of a change. The room itself has changed by then; `before` is how it was. */
export type NoteChange = (cursor: Cursor, change: RoomChange, before: Room) => void;

/** Does what `room.updated` says, and nothing else does: the room first, then the notices, then whose it is. */
export function createRoomEvents(
  context: SessionContext,
  people: People,
  log: Pick<LogStore, 'note'>,
  members: Pick<ReturnType<typeof createMemberEvents>, 'setOwner'>,
): (cursor: Cursor, change: RoomChange) => void {
  const { room } = context;
  /** One for each kind of change that people read of. */
  const notes: readonly NoteChange[] = [
    noteLock(log),
    noteEntry(log),
    noteSlowMode(log),
    noteExtension(context, people, log),
    createListingEvents(context, log),
  ];
  return (cursor, change) => {
    const before = room.get();
    room.change(changeOf(change));
    for (const note of notes) note(cursor, change, before);
    if (change.ownerId !== undefined) members.setOwner(cursor, change.ownerId);
  };
}

/** The fields of the room that the event names, and no others. */
function changeOf({ ownerId: _ownerId, extension, ...fields }: RoomChange): Partial<Room> {
  const { locked, entry, listed, topic, language, slowModeSeconds, expiresAt } = fields;
  return {
    ...(locked !== undefined && { locked }),
    ...(entry !== undefined && { entry }),
    ...(listed !== undefined && { listed }),
    ...(topic !== undefined && { topic }),
    ...(language !== undefined && { language }),
    ...(slowModeSeconds !== undefined && { slowModeSeconds }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(extension !== undefined && { extension: extension ?? undefined }),
  };
}

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

const noteLock =
  (log: Pick<LogStore, 'note'>): NoteChange =>
  (cursor, { locked }) => {
    if (locked !== undefined) log.note([noticeAt(cursor, locked ? 'locked' : 'unlocked')]);
  };

const noteEntry =
  (log: Pick<LogStore, 'note'>): NoteChange =>
  (cursor, { entry }) => {
    if (entry !== undefined) log.note([noticeAt(cursor, entry === 'knock' ? 'asks-first' : 'asks-nobody')]);
  };
