import type { Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { Renaming } from '@/session/people/people';
import type { Labels, MessageEntry, NoticeEntry, Placed } from './transcript';

/** A notice in its place. `at` is for events that are only published: they repeat the newest cursor. */
export function noticeAt(
  cursor: Cursor,
  notice: NoticeEntry['notice'],
  details: Partial<NoticeEntry> = {},
  at?: number,
): Placed {
  // One event may give two notices; a message's id has no colon.
  const id = [cursor, notice, details.memberId, at].filter((part) => part !== undefined).join(':');
  const timestamp = at ?? Number(cursor.split('-')[0]);
  return { cursor, entry: { kind: 'notice', id, cursor, timestamp, notice, name: null, self: false, ...details } };
}

/** The member as they are called now. */
export function called({ labelOf, isNamed }: Labels, memberId: MemberId): Partial<NoticeEntry> {
  const { name, mark } = labelOf(memberId);
  return { memberId, name, mark, ...(!isNamed(memberId) && { unnamed: true }) };
}

/** A member goes on under another id, with new keys. */
export const movedAt = (cursor: Cursor, labels: Labels, memberId: MemberId, to: MemberId): Placed => {
  const { name, mark } = labels.labelOf(to);
  return noticeAt(cursor, 'moved', { ...called(labels, memberId), otherId: to, newName: name, newMark: mark });
};

/** Renamings are announced, so that nobody passes for another. */
export function renamingAt(cursor: Cursor, { memberId, before, after }: Renaming, at?: number): Placed {
  const { name, mark } = before;
  return noticeAt(cursor, 'renamed', { memberId, name, mark, newName: after.name, newMark: after.mark }, at);
}

/** A message disappears from the screen; `by`: who took it back, where that is known. */
export function takenBackAt(
  cursor: Cursor,
  { id, memberId, self, name, mark }: MessageEntry,
  by: MemberId | null,
  reader: { self: MemberId; labels: Labels },
  at?: number,
): Placed {
  const author = { memberId, self, name, mark };
  const placed =
    by === null
      ? noticeAt(cursor, 'taken-back', author, at)
      : by === memberId
        ? noticeAt(cursor, 'took-back', author, at)
        : noticeAt(
            cursor,
            'owner-took-back',
            { ...called(reader.labels, by), self: by === reader.self, otherId: memberId, newName: name, newMark: mark },
            at,
          );
  // Several messages may go at once.
  return { ...placed, entry: { ...placed.entry, id: `${placed.entry.id}:${id}` } };
}
