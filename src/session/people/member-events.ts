import type { EventData } from '@/domain/events';
import type { Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { called, movedAt, noticeAt, renamingAt } from '@/session/messages/notices';
import type { NoticeEntry } from '@/session/messages/transcript';
import type { LogStore } from '@/session/messages/transcript-store';
import type { SessionContext } from '@/session/session-context';
import type { ListedName, People } from './people';

/** Does what the stream says of members. */
export function createMemberEvents(context: SessionContext, people: People, log: LogStore) {
  const { self, ownName, over, end, reseat, voice, sealedRoom, ignored } = context;
  /** Seats whose member goes on under another id, which joins next. */
  const moving = new Map<MemberId, MemberId>();

  function note(cursor: Cursor, notice: NoticeEntry['notice'], memberId: MemberId) {
    log.note([noticeAt(cursor, notice, { ...called(people, memberId), self: memberId === self })]);
  }

  /** Null where the event has none. A card that stands where its epoch is over does not count: somebody who was removed made it. */
  async function listedName(
    cursor: Cursor,
    { memberId, name: said, card }: EventData<'member.updated'>,
  ): Promise<ListedName | null> {
    const isOver = card !== undefined && sealedRoom?.isOver(card, cursor) === true;
    const { name, unverified } = await voice.nameOf({ memberId, name: said, card: isOver ? undefined : card });
    const isOut = sealedRoom?.isRemoved(memberId) === true;
    return name === undefined ? null : { name, unverified: isOut || unverified };
  }

  return {
    join: async (cursor: Cursor, joined: EventData<'member.joined'>) => {
      const { memberId, joinedAt } = joined;
      const listed = await listedName(cursor, joined);
      if (over.aborted) return;
      const from = moving.get(memberId);
      if (listed !== null) people.rename(memberId, listed);
      if (from === undefined) {
        people.join(memberId, joinedAt);
        if (memberId !== self) note(cursor, 'joined', memberId);
        return;
      }
      moving.delete(memberId);
      people.move(from, memberId, joinedAt);
      log.note([movedAt(cursor, people, from, memberId)]);
    },
    /** A member's first name is not news, as it comes with the joining. */
    rename: async (cursor: Cursor, updated: EventData<'member.updated'>) => {
      const { memberId } = updated;
      const listed = (await listedName(cursor, updated)) ?? { name: null };
      if (over.aborted) return;
      // Another tab of this browser may have chosen it.
      if (memberId === self && listed.name !== null) ownName.set(listed.name);
      const renaming = people.rename(memberId, listed);
      if (renaming !== null && memberId !== self) log.note([renamingAt(cursor, renaming)]);
    },
    leave: (cursor: Cursor, { memberId, reason, to }: EventData<'member.left'>) => {
      if (reason === 'moved') {
        if (memberId === self) reseat();
        else if (to !== undefined) {
          moving.set(to, memberId);
          sealedRoom?.moved.set(memberId, to);
          ignored.move(memberId, to);
        }
        return;
      }
      if (memberId === self) {
        end(reason);
        return;
      }
      if (reason === 'removed') sealedRoom?.removed.add(memberId);
      note(cursor, reason, memberId);
      people.leave(memberId);
    },
    setOwner: (cursor: Cursor, ownerId: MemberId) => {
      if (ownerId === people.ownerId()) return;
      people.setOwner(ownerId);
      note(cursor, 'new-owner', ownerId);
    },
  };
}
