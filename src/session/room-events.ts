import type { EventData } from '@/domain/events';
import type { Cursor } from '@/domain/message';
import type { Room } from '@/domain/room';
import { arrived, createDeferred } from '@/lib/deferred';
import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { People } from './people/people';
import type { createMemberEvents } from './people/member-events';
import type { SessionContext } from './session-context';

export type RoomChange = EventData<'room.updated'>;

/** What the talk says of a change: `before` is how the room was, `after` how it is by it, whatever has come since. */
export type NoteChange = (cursor: Cursor, change: RoomChange, before: Room, after: Room) => void;

/** Does what `room.updated` says, and nothing else does: the room first, then the notices, then whose it is. */
export function createRoomEvents(
  context: SessionContext,
  people: People,
  log: Pick<LogStore, 'note'>,
  members: Pick<ReturnType<typeof createMemberEvents>, 'setOwner'>,
): (cursor: Cursor, change: RoomChange) => void {
  const { room } = context;
  /** Few rooms change in any other way than by their lock, so the words for that are fetched when one does; the cursor places them. */
  const notes = createDeferred(async () => (await import('./room-notes')).createRoomNotes(context, people, log));
  return (cursor, change) => {
    const { locked, ownerId, ...rest } = change;
    const before = room.get();
    room.change(changeOf(change));
    const after = room.get();
    if (locked !== undefined) log.note([noticeAt(cursor, locked ? 'locked' : 'unlocked')]);
    if (Object.keys(rest).length > 0) void arrived(notes).then((note) => note(cursor, change, before, after));
    if (ownerId !== undefined) members.setOwner(cursor, ownerId);
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
    ...(language !== undefined && { language: language ?? undefined }),
    ...(slowModeSeconds !== undefined && { slowModeSeconds }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(extension !== undefined && { extension: extension ?? undefined }),
  };
}
