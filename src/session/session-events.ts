import { parseRoomEvent, type EventData, type RoomEvent } from '@/domain/events';
import { cursorSchema, type Cursor, type Message, type MessageId, type MessageWithCursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { sealedParts } from '@/domain/sealed';
import { isPublishedOnly } from '@/domain/stored-events';
import { called, noticeAt, renamingAt, takenBackAt } from './messages/notices';
import type { TakePage } from './messages/older-pages';
import { isVerified, type Heard } from './messages/talk/heard';
import type { OutboxMessage } from './messages/outbox/outbox-items';
import type { LogStore } from './messages/transcript-store';
import { createEpochOrder, type EpochOrder } from './keys/epoch-order';
import type { Rekeying } from './keys/epochs';
import { createMemberEvents } from './people/member-events';
import type { People, Renaming } from './people/people';
import { createRoomEvents } from './room-events';
import type { SessionContext } from './session-context';
import type { HeardSignals } from './signals/heard-signals';
import { saidOf } from './speech';

/** Somebody who keeps asking at a full room is announced once a minute. */
const WAITED_MS = 60_000;

export interface SessionEvents {
  /** Does what an event of the stream says. */
  readonly apply: (event: { id: string; event: string; data: unknown }) => Promise<void>;
  /** Adds a page of the history to the log. */
  readonly takePage: TakePage;
  /** Adds a message of one's own to the log, once the server has stored it. */
  readonly takeStored: (stored: MessageWithCursor, message: OutboxMessage) => void;
  /** Takes from the log what this member took back, once the server has. */
  readonly takeBack: (id: MessageId, by: MemberId) => void;
  /** Announces new names that the list of seats had before an event said them. */
  readonly noteRenamings: (renamings: readonly Renaming[]) => void;
  /** Announces a new key that the page has taken. */
  readonly noteRekeying: (rekeying: Rekeying) => void;
}

/** Turns what the server says into changes of the room, its people and the log. Nothing else adds to the log. */
export function createSessionEvents(
  context: SessionContext,
  people: People,
  log: LogStore,
  handlers: SessionEventHandlers,
): SessionEvents {
  const { self, clock } = context;
  const reader = { self, labels: people };
  const order = createEpochOrder(context.sealedRoom?.ring, log);
  const { takePage, takeStored, ...intake } = createMessageIntake(context, people, log, order, handlers);
  const applyEvent = createApplyEvent(context, people, log, intake, handlers);
  return {
    apply: async ({ id, event, data }) => {
      const cursor = cursorSchema.safeParse(id);
      const roomEvent = parseRoomEvent(event, data);
      // A server newer than this page may send events that it does not know.
      if (cursor.success && roomEvent !== null) await applyEvent(cursor.data, roomEvent);
      if (cursor.success && !isPublishedOnly(event)) handlers.onReached(cursor.data);
    },
    takePage,
    takeStored,
    takeBack: (id, by) => {
      const notices = log.remove([id]).map((entry) => takenBackAt(log.newest(), entry, by, reader, clock.now()));
      log.note(notices);
    },
    noteRenamings: (renamings) => {
      for (const renaming of renamings)
        if (renaming.memberId !== self) log.note([renamingAt(log.newest(), renaming, clock.now())]);
    },
    noteRekeying: ({ by, cursor }) => {
      // A page that hears late of a new key has taken what somebody removed said behind it.
      order.sweep();
      log.note([noticeAt(cursor, 'rekeyed', { ...called(people, by), self: by === self })]);
    },
  };
}

export interface SessionEventHandlers {
  /** All events up to this one have been applied. */
  readonly onReached: (cursor: Cursor) => void;
  /** The room has a message of one's own. */
  readonly onOwn: (id: MessageId, timestamp: number) => void;
  /** Messages were taken back, whoever wrote them. */
  readonly onRemoved: (ids: readonly MessageId[]) => void;
  readonly signals: Pick<HeardSignals, 'note' | 'endTyping' | 'leave'>;
  /** Somebody at the door asks to be let in. */
  readonly onKnocked: () => void;
}

interface LiveIntake {
  readonly takeMessage: (cursor: Cursor, message: Message) => Promise<void>;
  readonly takeRemoval: (cursor: Cursor, removal: EventData<'message.removed'>) => void;
}

/** Messages come three ways: live, from the history, and as the answer to one of one's own. */
function createMessageIntake(
  context: SessionContext,
  people: People,
  log: LogStore,
  order: EpochOrder,
  { onOwn, onRemoved }: SessionEventHandlers,
): Pick<SessionEvents, 'takePage' | 'takeStored'> & LiveIntake {
  const { self, over, clock, report, voice } = context;
  /** Messages whose key is not known, or not yet. */
  const closed = new Map<Cursor, MessageWithCursor>();

  function add(heard: readonly Heard[]) {
    log.take(heard);
    // The server may show anything under the id of a message that it does not have.
    for (const { id, memberId, said, timestamp } of heard)
      if (memberId === self && isVerified(said)) onOwn(id, timestamp);
    order.noteAll(heard);
  }

  /** Opens all of them at once, which takes a third of the time. */
  async function hearAll(messages: readonly MessageWithCursor[]): Promise<readonly Heard[]> {
    const keys = voice.posting.keys.get();
    const opened = await Promise.allSettled(messages.map(voice.hear));
    for (const [index, message] of messages.entries()) {
      const outcome = opened[index];
      if (outcome?.status === 'fulfilled' && outcome.value?.said.kind === 'unknown-epoch')
        closed.set(message.cursor, message);
      // A message that we failed even to try to open is a fault of ours; the others are shown without it.
      if (outcome?.status === 'rejected') report(outcome.reason);
    }
    // A key that was found meanwhile may open what it came too late for.
    if (closed.size > 0 && keys !== voice.posting.keys.get()) void hearAgain();
    return opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  }

  async function hearAgain() {
    const messages = [...closed.values()];
    closed.clear();
    const heard = await hearAll(messages);
    if (!over.aborted) add(heard);
  }

  voice.posting.keys.subscribe(() => {
    if (closed.size > 0) void hearAgain();
  });

  return {
    takeMessage: async (cursor, message) => {
      const { id, memberId, timestamp } = message;
      if (log.isKnown({ id, by: memberId })) {
        if (memberId === self) onOwn(id, timestamp);
        return;
      }
      const heard = await voice.hear({ ...message, cursor });
      if (over.aborted || heard === null) return;
      if (heard.said.kind === 'unknown-epoch') closed.set(cursor, { ...message, cursor });
      const { sender = null } = heard;
      const isOtherName = people.hear(memberId, sender, heard.timestamp) && memberId !== self;
      add([heard]);
      if (isOtherName) log.note([noticeAt(cursor, 'other-name', { ...called(people, memberId), newName: sender })]);
    },
    takeRemoval: (cursor, { id, by }) => {
      log.note(log.remove([id]).map((entry) => takenBackAt(cursor, entry, by, { self, labels: people })));
      onRemoved([id]);
    },
    takePage: async ({ messages, removed }) => {
      const heard = await hearAll(messages);
      if (over.aborted) return;
      for (const { memberId, sender = null, timestamp } of heard) people.hear(memberId, sender, timestamp);
      add(heard);
      const gone = log.remove(removed);
      onRemoved(removed);
      log.note(gone.map((entry) => takenBackAt(log.newest(), entry, null, { self, labels: people }, clock.now())));
    },
    takeStored: ({ id, cursor, timestamp }, { content, words }) => {
      log.take([{ cursor, id, memberId: self, timestamp, said: saidOf(content, self) }]);
      order.note(sealedParts(words?.text ?? '')?.epoch, cursor);
    },
  };
}

function createApplyEvent(
  context: SessionContext,
  people: People,
  log: LogStore,
  intake: LiveIntake,
  { signals, onKnocked }: Pick<SessionEventHandlers, 'signals' | 'onKnocked'>,
) {
  const { clock, end, sealedRoom, privateTalk } = context;
  const members = createMemberEvents(context, people, log);
  const updateRoom = createRoomEvents(context, people, log, members);
  let waitedAt = -Infinity;

  function noteWaiting(cursor: Cursor) {
    const now = clock.now();
    if (now - waitedAt < WAITED_MS) return;
    waitedAt = now;
    log.note([noticeAt(cursor, 'waited', {}, now)]);
  }

  return async function applyEvent(cursor: Cursor, { event, data }: RoomEvent): Promise<void> {
    switch (event) {
      case 'chat.message':
        await intake.takeMessage(cursor, data);
        signals.endTyping(data.memberId);
        break;
      case 'chat.destroy':
        end(data.reason);
        break;
      case 'message.removed':
        intake.takeRemoval(cursor, data);
        break;
      case 'room.updated':
        updateRoom(cursor, data);
        break;
      case 'room.rekeyed':
        await sealedRoom?.epochs.take(cursor, data);
        break;
      case 'member.joined':
        await members.join(cursor, data);
        break;
      case 'member.updated':
        await members.rename(cursor, data);
        break;
      case 'member.left':
        members.leave(cursor, data);
        signals.leave(data);
        break;
      case 'presence.changed':
        people.setHere(data.here);
        break;
      case 'presence.moved':
        people.moveHere(data);
        break;
      case 'member.signals':
        signals.note(data);
        break;
      case 'member.whispered':
        privateTalk.hear(data);
        break;
      case 'member.knocked':
        onKnocked();
        break;
      case 'room.waited':
        noteWaiting(cursor);
    }
  };
}
