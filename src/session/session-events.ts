import type { Voice } from '@/crypto/voice';
import { parseRoomEvent, type EventData, type RoomEvent } from '@/domain/events';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { cursorSchema, type Cursor, type Message, type MessageWithCursor } from '@/domain/message';
import type { MemberId, Room, RoomId } from '@/domain/room';
import { nameFault, textFault } from '@/domain/text-rules';
import type { People, Renaming } from '@/session/people/people';
import type { EndReason } from './visit';
import type { ServerClock } from './server-clock';
import type { MessageEntry, NoticeEntry, Placed, TranscriptLog } from '@/session/messages/transcript';

/** Whoever keeps asking at a full room is told of once a minute. */
const WAITED_MS = 60_000;

export interface EventsEnvironment {
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly voice: Voice;
  readonly clock: ServerClock;
  readonly people: People;
  readonly transcript: TranscriptLog;
  readonly onRoom: (change: Partial<Room>) => void;
  readonly onEnd: (reason: EndReason) => void;
  /** One's own name, which another tab of this browser may have changed. */
  readonly onOwnName: (name: string) => void;
}

export interface SessionEvents {
  /** A stored message with its words opened, in its place. */
  readonly open: (message: MessageWithCursor) => Promise<Placed>;
  /** A member's name opened; null when it does not open or nobody may be called so. Undefined stays what it is: none was told. */
  readonly openName: (memberId: MemberId, name: string | undefined) => Promise<string | null | undefined>;
  /** Says who is called otherwise, where the list of seats told it before an event did. */
  readonly noteRenamings: (renamings: readonly Renaming[]) => void;
  /** Does what an event of the stream says. */
  readonly apply: (event: { id: string; event: string; data: unknown }) => Promise<void>;
}

/** What comes in over the wire, opened and put where the screens look. */
export function createSessionEvents(environment: EventsEnvironment): SessionEvents {
  const { roomId, self, voice, clock, people, transcript, onRoom, onEnd, onOwnName } = environment;
  let waitedAt = -Infinity;

  people.naming.subscribe(() => transcript.setNames(people));
  transcript.setNames(people);

  /** What was sealed by anybody else than `place` says does not open; what would be refused in the open counts as not opened. */
  async function open(
    place: Parameters<Voice['hear']>[0],
    said: string,
    faultOf: (opened: string) => unknown,
  ): Promise<string | null> {
    const opened = await voice.hear(place, said);
    return opened !== null && faultOf(opened) === null ? opened : null;
  }

  async function entryOf(message: Message): Promise<MessageEntry> {
    const { id, memberId, timestamp } = message;
    const place = { roomId, memberId, messageId: id };
    const [sender, text] = await Promise.all([
      open({ ...place, field: 'sender' }, message.sender, nameFault),
      open({ ...place, field: 'text' }, message.text, (opened) => textFault(opened, TEXT_CHARACTERS_MAX)),
    ]);
    const label = people.labelOf(memberId, sender);
    return { kind: 'message', id, memberId, self: memberId === self, ...label, sender, text, timestamp, state: 'sent' };
  }

  async function openName(memberId: MemberId, name: string | undefined) {
    return name === undefined ? undefined : open({ roomId, memberId, messageId: '-', field: 'name' }, name, nameFault);
  }

  /** `at`, for what is only published: it repeats the newest cursor. */
  function note(cursor: Cursor, notice: NoticeEntry['notice'], details: Partial<NoticeEntry> = {}, at?: number) {
    const { memberId } = details;
    // One event may say two things; a message's id has no colon.
    const id = [cursor, notice, memberId, at].filter((part) => part !== undefined).join(':');
    const timestamp = at ?? Number(cursor.split('-')[0]);
    const entry: NoticeEntry = {
      kind: 'notice',
      id,
      timestamp,
      notice,
      name: null,
      self: memberId === self,
      ...details,
    };
    transcript.put([{ cursor, entry }]);
  }

  function noteMember(cursor: Cursor, notice: NoticeEntry['notice'], memberId: MemberId) {
    const { name, mark } = people.labelOf(memberId);
    note(cursor, notice, { memberId, name, mark, ...(!people.isNamed(memberId) && { unnamed: true }) });
  }

  /** Said, so that nobody passes for another. */
  function noteRenaming(cursor: Cursor, { memberId, before, after }: Renaming, at?: number) {
    if (memberId === self) return;
    note(
      cursor,
      'renamed',
      { memberId, name: before.name, mark: before.mark, newName: after.name, newMark: after.mark },
      at,
    );
  }

  async function take(cursor: Cursor, message: Message) {
    if (transcript.has(message.id)) return;
    const entry = await entryOf(message);
    const { memberId, sender = null, timestamp } = entry;
    const isOtherName = people.hear(memberId, sender, timestamp) && memberId !== self;
    transcript.put([{ cursor, entry }]);
    if (!isOtherName) return;
    const { name, mark } = people.labelOf(memberId);
    note(cursor, 'other-name', { memberId, name, mark, newName: sender });
  }

  function leave(cursor: Cursor, { memberId, reason }: EventData<'member.left'>) {
    if (memberId === self) {
      onEnd(reason);
      return;
    }
    noteMember(cursor, reason, memberId);
    people.leave(memberId);
  }

  /** The first name is no news, as it comes with the joining. */
  async function rename(cursor: Cursor, { memberId, name: said }: EventData<'member.updated'>) {
    const name = (await openName(memberId, said)) ?? null;
    if (memberId === self && name !== null) onOwnName(name);
    const renaming = people.rename(memberId, name);
    if (renaming !== null) noteRenaming(cursor, renaming);
  }

  function updateRoom(cursor: Cursor, { locked, ownerId }: EventData<'room.updated'>) {
    if (locked !== undefined) {
      onRoom({ locked });
      note(cursor, locked ? 'locked' : 'unlocked');
    }
    if (ownerId !== undefined && ownerId !== people.ownerId()) {
      people.setOwner(ownerId);
      noteMember(cursor, 'new-owner', ownerId);
    }
  }

  function noteWaiting(cursor: Cursor) {
    const now = clock();
    if (now - waitedAt < WAITED_MS) return;
    waitedAt = now;
    note(cursor, 'waited', {}, now);
  }

  async function applyEvent(cursor: Cursor, { event, data }: RoomEvent): Promise<void> {
    switch (event) {
      case 'chat.message':
        await take(cursor, data);
        return;
      case 'chat.destroy':
        onEnd(data.reason);
        return;
      case 'message.removed':
        // The transcript does not know yet how to take a message away.
        return;
      case 'room.updated':
        updateRoom(cursor, data);
        return;
      case 'member.joined':
        people.join(data.memberId, data.joinedAt);
        if (data.memberId !== self) noteMember(cursor, 'joined', data.memberId);
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
        noteWaiting(cursor);
    }
  }

  return {
    open: async (message) => {
      const entry = await entryOf(message);
      people.hear(entry.memberId, entry.sender ?? null, entry.timestamp);
      return { cursor: message.cursor, entry };
    },
    openName,
    noteRenamings: (renamings) => renamings.forEach((renaming) => noteRenaming(transcript.newest(), renaming, clock())),
    apply: async ({ id, event, data }) => {
      const cursor = cursorSchema.safeParse(id);
      const roomEvent = parseRoomEvent(event, data);
      // A server newer than this page may send what it does not know.
      if (cursor.success && roomEvent !== null) await applyEvent(cursor.data, roomEvent);
    },
  };
}
