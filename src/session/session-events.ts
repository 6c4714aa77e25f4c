import { parseRoomEvent, type EventData, type RoomEvent } from '@/domain/events';
import { cursorSchema, type Cursor, type Message, type MessageWithCursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { called, noticeAt, renamingAt } from './messages/notices';
import type { NoticeEntry } from './messages/transcript';
import type { LogStore } from './messages/transcript-store';
import type { People, Renaming } from './people/people';
import type { SessionContext } from './session-context';
import { hearMessage, hearName } from './speech';

/** Somebody who keeps asking at a full room is announced once a minute. */
const WAITED_MS = 60_000;

export interface SessionEvents {
  /** Does what an event of the stream says. */
  readonly apply: (event: { id: string; event: string; data: unknown }) => Promise<void>;
  /** Adds messages of the history to the log. */
  readonly takeHistory: (messages: readonly MessageWithCursor[]) => Promise<void>;
  /** Adds a message of one's own to the log, once the server has stored it. */
  readonly takeStored: (stored: MessageWithCursor, text: string) => void;
  /** Announces new names that the list of seats had before an event said them. */
  readonly noteRenamings: (renamings: readonly Renaming[]) => void;
}

/** Turns what the server says into changes of the room, its people and the log. Nothing else adds to the log. */
export function createSessionEvents(context: SessionContext, people: People, log: LogStore): SessionEvents {
  const { self, clock } = context;
  const { takeMessage, takeHistory, takeStored } = createMessageIntake(context, people, log);
  const applyEvent = createApplyEvent(context, people, log, takeMessage);
  return {
    apply: async ({ id, event, data }) => {
      const cursor = cursorSchema.safeParse(id);
      const roomEvent = parseRoomEvent(event, data);
      // A server newer than this page may send events that it does not know.
      if (cursor.success && roomEvent !== null) await applyEvent(cursor.data, roomEvent);
    },
    takeHistory,
    takeStored,
    noteRenamings: (renamings) => {
      for (const renaming of renamings)
        if (renaming.memberId !== self) log.put([renamingAt(log.newest(), renaming, clock.now())]);
    },
  };
}

type TakeMessage = (cursor: Cursor, message: Message) => Promise<void>;

/** Messages come three ways: live, from the history, and as the answer to one of one's own. */
function createMessageIntake(
  context: SessionContext,
  people: People,
  log: LogStore,
): Pick<SessionEvents, 'takeHistory' | 'takeStored'> & { takeMessage: TakeMessage } {
  const { self, over, report } = context;
  return {
    takeMessage: async (cursor, message) => {
      if (log.has(message.id)) return;
      const entry = await hearMessage(context, message);
      if (over.aborted) return;
      const { memberId, sender = null } = entry;
      const isOtherName = people.hear(memberId, sender, entry.timestamp) && memberId !== self;
      log.put([{ cursor, entry }]);
      if (isOtherName) log.put([noticeAt(cursor, 'other-name', { ...called(people, memberId), newName: sender })]);
    },
    takeHistory: async (messages) => {
      const heard = await Promise.allSettled(
        messages.map(async (message) => ({ cursor: message.cursor, entry: await hearMessage(context, message) })),
      );
      if (over.aborted) return;
      const read = heard.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      for (const { entry } of read) people.hear(entry.memberId, entry.sender ?? null, entry.timestamp);
      log.put(read);
      // A message that we failed even to try to open is a fault of ours; the others are shown without it.
      for (const outcome of heard) if (outcome.status === 'rejected') report(outcome.reason);
    },
    takeStored: ({ id, cursor, timestamp }, text) =>
      log.put([{ cursor, entry: { kind: 'message', id, memberId: self, self: true, text, timestamp, state: 'sent' } }]),
  };
}

function createApplyEvent(context: SessionContext, people: People, log: LogStore, takeMessage: TakeMessage) {
  const { self, clock, room, ownName, over, end } = context;
  let waitedAt = -Infinity;

  function noteMember(cursor: Cursor, notice: NoticeEntry['notice'], memberId: MemberId) {
    log.put([noticeAt(cursor, notice, { ...called(people, memberId), self: memberId === self })]);
  }

  /** A member's first name is not news, as it comes with the joining. */
  async function rename(cursor: Cursor, { memberId, name: said }: EventData<'member.updated'>) {
    const name = (await hearName(context, memberId, said)) ?? null;
    if (over.aborted) return;
    // Another tab of this browser may have chosen it.
    if (memberId === self && name !== null) ownName.set(name);
    const renaming = people.rename(memberId, name);
    if (renaming !== null && memberId !== self) log.put([renamingAt(cursor, renaming)]);
  }

  function updateRoom(cursor: Cursor, { locked, ownerId }: EventData<'room.updated'>) {
    if (locked !== undefined) {
      room.change({ locked });
      log.put([noticeAt(cursor, locked ? 'locked' : 'unlocked')]);
    }
    if (ownerId !== undefined && ownerId !== people.ownerId()) {
      people.setOwner(ownerId);
      noteMember(cursor, 'new-owner', ownerId);
    }
  }

  function noteWaiting(cursor: Cursor) {
    const now = clock.now();
    if (now - waitedAt < WAITED_MS) return;
    waitedAt = now;
    log.put([noticeAt(cursor, 'waited', {}, now)]);
  }

  return async function applyEvent(cursor: Cursor, { event, data }: RoomEvent): Promise<void> {
    switch (event) {
      case 'chat.message':
        await takeMessage(cursor, data);
        break;
      case 'chat.destroy':
        end(data.reason);
        break;
      case 'room.updated':
        updateRoom(cursor, data);
        break;
      case 'member.joined':
        people.join(data.memberId, data.joinedAt);
        if (data.memberId !== self) noteMember(cursor, 'joined', data.memberId);
        break;
      case 'member.updated':
        await rename(cursor, data);
        break;
      case 'member.left':
        if (data.memberId === self) end(data.reason);
        else {
          noteMember(cursor, data.reason, data.memberId);
          people.leave(data.memberId);
        }
        break;
      case 'presence.changed':
        people.setHere(data.here);
        break;
      case 'presence.moved':
        people.moveHere(data);
        break;
      case 'room.waited':
        noteWaiting(cursor);
    }
  };
}
