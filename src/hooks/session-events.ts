import type { Voice } from '@/crypto/voice';
import { parseRoomEvent, type EventData, type RoomEvent } from '@/domain/events';
import { cursorSchema, type Cursor, type Message, type MessageWithCursor } from '@/domain/message';
import type { MemberId, Room, RoomId } from '@/domain/room';
import type { People } from './people';
import type { EndReason } from './room-screen';
import type { MessageEntry, NoticeEntry, Placed, TranscriptLog } from './transcript';

export interface EventsEnvironment {
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly voice: Voice;
  readonly people: People;
  readonly transcript: TranscriptLog;
  readonly onRoom: (change: Partial<Room>) => void;
  readonly onEnd: (reason: EndReason) => void;
}

export interface SessionEvents {
  /** A stored message with its words opened, in its place. */
  readonly open: (message: MessageWithCursor) => Promise<Placed>;
  /** A member's name opened; null when it was not told or does not open. */
  readonly openName: (memberId: MemberId, name: string | undefined) => Promise<string | null>;
  /** Does what an event of the stream says. */
  readonly apply: (event: { id: string; event: string; data: unknown }) => Promise<void>;
}

/** What comes in over the wire, opened and put where the screens look. */
export function createSessionEvents({ roomId, self, voice, people, transcript, onRoom, onEnd }: EventsEnvironment): SessionEvents {
  async function entryOf(message: Message): Promise<MessageEntry> {
    // The server's stamp says who sent it: what was sealed by anybody else does not open here.
    const { id, memberId, timestamp } = message;
    const place = { roomId, memberId, messageId: id };
    const [name, text] = await Promise.all([
      voice.hear({ ...place, field: 'sender' }, message.sender),
      voice.hear({ ...place, field: 'text' }, message.text),
    ]);
    return { kind: 'message', id, memberId, self: memberId === self, name, tint: people.tintOf(memberId), text, timestamp, state: 'sent' };
  }

  const openName = async (memberId: MemberId, name: string | undefined) =>
    name === undefined ? null : voice.hear({ roomId, memberId, messageId: '-', field: 'name' }, name);

  function note(cursor: Cursor, notice: NoticeEntry['notice'], memberId?: MemberId, names: Partial<NoticeEntry> = {}) {
    const entry: NoticeEntry = {
      kind: 'notice',
      // One event may say two things; a message's id has no colon.
      id: `${cursor}:${notice}`,
      timestamp: Number(cursor.split('-')[0]),
      notice,
      ...(memberId !== undefined && { memberId }),
      name: memberId === undefined ? null : people.nameOf(memberId),
      self: memberId === self,
      ...names,
    };
    transcript.put([{ cursor, entry }]);
  }

  function leave(cursor: Cursor, { memberId, reason }: EventData<'member.left'>) {
    if (memberId === self) {
      onEnd(reason);
      return;
    }
    note(cursor, reason, memberId);
    people.leave(memberId);
  }

  /** Said, so that nobody passes for another; the first name is no news, as it comes with the joining. */
  async function rename(cursor: Cursor, { memberId, name: said }: EventData<'member.updated'>) {
    const before = people.nameOf(memberId);
    const name = await openName(memberId, said);
    people.rename(memberId, name);
    if (memberId === self || before === null || name === null || name === before) return;
    note(cursor, 'renamed', memberId, { name: before, newName: name });
  }

  function updateRoom(cursor: Cursor, { locked, ownerId }: EventData<'room.updated'>) {
    if (locked !== undefined) {
      onRoom({ locked });
      note(cursor, locked ? 'locked' : 'unlocked');
    }
    if (ownerId !== undefined && ownerId !== people.ownerId()) {
      people.setOwner(ownerId);
      note(cursor, 'new-owner', ownerId);
    }
  }

  async function applyEvent(cursor: Cursor, { event, data }: RoomEvent): Promise<void> {
    switch (event) {
      case 'chat.message':
        if (!transcript.has(data.id)) transcript.put([{ cursor, entry: await entryOf(data) }]);
        return;
      case 'chat.destroy':
        onEnd(data.reason);
        return;
      case 'room.updated':
        updateRoom(cursor, data);
        return;
      case 'member.joined':
        people.join(data.memberId, data.joinedAt);
        if (data.memberId !== self) note(cursor, 'joined', data.memberId);
        return;
      case 'member.updated':
        await rename(cursor, data);
        return;
      case 'member.left':
        leave(cursor, data);
        return;
      case 'presence.changed':
        people.setHere(data.here);
        return;
      case 'presence.moved':
        people.moveHere(data);
        return;
      case 'room.waited':
        // The owner's page has no words for it yet.
    }
  }

  return {
    open: async (message) => ({ cursor: message.cursor, entry: await entryOf(message) }),
    openName,
    apply: async ({ id, event, data }) => {
      const cursor = cursorSchema.safeParse(id);
      const roomEvent = parseRoomEvent(event, data);
      // A server newer than this page may send what it does not know.
      if (cursor.success && roomEvent !== null) await applyEvent(cursor.data, roomEvent);
    },
  };
}
