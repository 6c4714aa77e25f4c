import 'server-only';
import * as z from 'zod/mini';
import { isPublishedOnly } from '@/domain/stored-events';
import { type Cursor, cursorSchema } from '@/domain/message';
import { type MemberId, memberIdSchema, type RoomId } from '@/domain/room';
import type { StreamEntry } from '@/server/storage/events';
import type { PresenceWord } from './here-list';

/** Our own writers add these for the hub: the event stored before, the member it is for, the turn of the list of who is here. */
const hubFields = {
  previous: z.catch(z.optional(cursorSchema), undefined),
  to: z.catch(z.optional(memberIdSchema), undefined),
  turn: z.catch(z.optional(z.coerce.number()), undefined),
};
/** They stand at the end: a brace that ends the text ends the envelope, so nothing that a member wrote can match. */
const HUB_FIELDS_AT_THE_END = /(?:,"(?:previous|to|turn)":"[\w-]*")+\}$/;

/**
 * The wire format of Upstash Realtime 1.1: server-sent events whose data is one JSON object, either
 * an event of the stream (`id`, `event`, `channel`, `data`) or a message of the server's own (`type`).
 */
const envelopeSchema = z.looseObject({
  id: cursorSchema,
  event: z.string(),
  channel: z.string(),
  data: z.unknown(),
  ...hubFields,
});
const memberLeftSchema = z.object({ memberId: z.string() });
const memberMovedSchema = z.object({ memberId: memberIdSchema, to: memberIdSchema });
const changedSchema = z.object({ here: z.array(z.string()) });
const messageSchema = z.object({
  id: z.string(),
  about: z.catch(z.optional(z.object({ kind: z.string(), id: z.string() })), undefined),
});
const removedSchema = z.object({ id: z.string() });
const movedSchema = z.object({ came: z.optional(z.array(z.string())), went: z.optional(z.array(z.string())) });

/** A seat that has another member id from then on. Its credential and its streams go on. */
export interface SeatMove {
  readonly from: MemberId;
  readonly to: MemberId;
}

/** An event of a room, turned into the bytes that every listener gets. */
export interface FeedEvent {
  id: Cursor;
  bytes: Buffer;
  /** Published-only events repeat the newest id and are not in the stream. */
  stored: boolean;
  /** The event that was stored before it; null where its writer does not say. */
  previous: Cursor | null;
  /** The only member who receives it; null for everybody. */
  to: MemberId | null;
  /** This event ends the streams of one member or of everybody; null when it ends none. */
  ends: 'room' | { memberId: string } | null;
  /** From here on a member has another id; null when the event moves no seat. */
  moves: SeatMove | null;
  /** The report of who is here, where the event is one. */
  presence: PresenceWord | null;
  /** The ids with which it goes when one of them is taken back: a message's own, and that of the message it edits. */
  goesWith: readonly string[];
  /** The message that it says was taken back. */
  takesBack: string | null;
}

const frame = (json: string): Buffer => Buffer.from(`data: ${json}\n\n`);

function leavingOf(event: string, data: unknown): Pick<FeedEvent, 'ends' | 'moves'> {
  if (event === 'chat.destroy') return { ends: 'room', moves: null };
  if (event !== 'member.left') return { ends: null, moves: null };
  const moved = memberMovedSchema.safeParse(data);
  if (moved.success) return { ends: null, moves: { from: moved.data.memberId, to: moved.data.to } };
  const left = memberLeftSchema.safeParse(data);
  return { ends: left.success ? { memberId: left.data.memberId } : null, moves: null };
}

function presenceOf(event: string, data: unknown, turn: number | null): PresenceWord | null {
  const changed = event === 'presence.changed' ? changedSchema.safeParse(data) : null;
  if (changed?.success) return { here: changed.data.here, turn };
  const moved = event === 'presence.moved' ? movedSchema.safeParse(data) : null;
  return moved?.success ? { came: moved.data.came ?? [], went: moved.data.went ?? [], turn } : null;
}

function goesWithOf(event: string, data: unknown): string[] {
  const message = event === 'chat.message' ? messageSchema.safeParse(data) : null;
  if (!message?.success) return [];
  const { id, about } = message.data;
  return about?.kind === 'edit' ? [id, about.id] : [id];
}

function takesBackOf(event: string, data: unknown): string | null {
  const removed = event === 'message.removed' ? removedSchema.safeParse(data) : null;
  return removed?.success ? removed.data.id : null;
}

/** The part of a published text that pages receive: without the hub’s fields, and on one line, which makes it one event. */
function lineOf(text: string, { previous, to, turn, ...envelope }: z.infer<typeof envelopeSchema>): string {
  const line = text.replace(HUB_FIELDS_AT_THE_END, '}');
  const elsewhere = line === text && (previous ?? to ?? turn) !== undefined;
  return elsewhere || /[\r\n]/.test(line) ? JSON.stringify(envelope) : line;
}

/** Parses a publication; null when it is not an event (the stock handler publishes pings on the same channel). */
export function publishedEvent(text: string): FeedEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, event, data, previous = null, to = null, turn = null } = parsed.data;
  return {
    id,
    bytes: frame(lineOf(text, parsed.data)),
    stored: !isPublishedOnly(event),
    previous,
    to,
    ...leavingOf(event, data),
    presence: presenceOf(event, data, turn),
    goesWith: goesWithOf(event, data),
    takesBack: takesBackOf(event, data),
  };
}

/** Parses an entry of the stream, `[id, ['data', …, 'event', …, 'channel', …]]`, null when it is not one of our events. */
export function storedEvent([id, pairs]: StreamEntry): FeedEvent | null {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < pairs.length; index += 2) fields[pairs[index] ?? ''] = pairs[index + 1] ?? '';
  const { data, event, channel } = fields;
  if (data === undefined || event === undefined || channel === undefined) return null;
  return publishedEvent(
    `{"data":${data},"event":${JSON.stringify(event)},"channel":${JSON.stringify(channel)},"id":"${id}"}`,
  );
}

/** A published-only event made in this process; it repeats the newest id. */
function publishedOnly(event: string, data: string, roomId: RoomId, id: Cursor) {
  const bytes = frame(`{"data":${data},"event":"${event}","channel":"${roomId}","id":"${id}"}`);
  return { id, bytes, stored: false, previous: null, to: null, moves: null, goesWith: [], takesBack: null };
}

/** The last event of a room that expired, or that was found to be gone. */
export const endOfRoom = (roomId: RoomId, id: Cursor, reason: 'destroyed' | 'expired'): FeedEvent => ({
  ...publishedOnly('chat.destroy', JSON.stringify({ isDestroyed: true, reason }), roomId, id),
  ends: 'room',
  presence: null,
});

/** The whole list of members who are here, at that turn. */
export const presenceChanged = (
  roomId: RoomId,
  id: Cursor,
  here: readonly string[],
  turn: number | null,
): FeedEvent => ({
  ...publishedOnly('presence.changed', JSON.stringify({ here }), roomId, id),
  ends: null,
  presence: { here, turn },
});

/** From here on the listener receives everything after `cursor`. */
export const connectedFrame = (roomId: RoomId, cursor: Cursor): Buffer =>
  frame(JSON.stringify({ type: 'connected', channel: roomId, cursor }));

export const pingFrame = (timestamp: number): Buffer => frame(JSON.stringify({ type: 'ping', timestamp }));

/** This stream ends, the room does not: come back with the same cursor. */
export const reconnectFrame = (timestamp: number): Buffer => frame(JSON.stringify({ type: 'reconnect', timestamp }));

/** Too much has happened since the cursor to be replayed: read the history again. */
export const readAfreshFrame = (): Buffer => frame(JSON.stringify({ type: 'error', error: 'read_afresh' }));
