import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { NoteChange } from './room-events';
import type { SessionContext } from './session-context';

/** Says in the talk that the room was put on the front page, taken off it, or stands there under another topic. */
export function createListingEvents(
  { api, roomId, room }: Pick<SessionContext, 'api' | 'roomId' | 'room'>,
  log: Pick<LogStore, 'note'>,
): NoteChange {
  return (cursor, { listed, topic }, _before, after) => {
    if (listed === true) log.note([noticeAt(cursor, 'listed', { topic: topic ?? after.topic })]);
    else if (listed === false) {
      log.note([noticeAt(cursor, 'unlisted')]);
      // A page that came in while there were no files does not know what the room takes of them.
      void room.take(api.readRoom(roomId), ({ you: _you, ...view }) => view);
    } else if (topic !== undefined && after.listed) log.note([noticeAt(cursor, 'topic', { topic })]);
  };
}
