import 'server-only';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import type { RoomId } from '@/domain/room';

/**
 * The wire format of Upstash Realtime 1.1: server-sent events whose data is one JSON object, either
 * an event of the stream (`id`, `event`, `channel`, `data`) or a word of the server's own (`type`).
 */
const envelopeSchema = z.object({ id: cursorSchema, event: z.string(), channel: z.string(), data: z.unknown() });
const entrySchema = z.tuple([cursorSchema, z.array(z.string())]);
const memberLeftSchema = z.object({ memberId: z.string() });
const presenceSchema = z.object({ here: z.array(z.string()) });

/** An event of a room, turned into the bytes that every listener gets. */
export interface FeedEvent {
  id: Cursor;
  bytes: Buffer;
  /** Events that are only published repeat the newest id; they are not in the stream. */
  stored: boolean;
  /** Whose streams end with this event: one member's, everybody's, or nobody's. */
  ends: 'room' | { memberId: string } | null;
  /** Who is here, as JSON, where the event tells it. */
  here: string | null;
}

const frame = (json: string): Buffer => Buffer.from(`data: ${json}\n\n`);

const PUBLISHED_ONLY = new Set(['chat.destroy', 'presence.changed', 'presence.moved', 'room.waited']);

function endsOf(event: string, data: unknown): FeedEvent['ends'] {
  if (event === 'chat.destroy') return 'room';
  const left = event === 'member.left' ? memberLeftSchema.safeParse(data) : null;
  return left?.success ? { memberId: left.data.memberId } : null;
}

function hereOf(event: string, data: unknown): string | null {
  const changed = event === 'presence.changed' ? presenceSchema.safeParse(data) : null;
  return changed?.success ? JSON.stringify(changed.data.here) : null;
}

/** What was published on the channel, or null when it is no event (the stock handler publishes pings there). */
export function publishedEvent(text: string): FeedEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, event, data } = parsed.data;
  // One line is one event on the wire, so JSON that somebody wrote over several lines is written anew.
  const line = /[\r\n]/.test(text) ? JSON.stringify(json) : text;
  return { id, bytes: frame(line), stored: !PUBLISHED_ONLY.has(event), ends: endsOf(event, data), here: hereOf(event, data) };
}

/** An entry of the stream, `[id, ['data', …, 'event', …, 'channel', …]]`, or null when it is no event of ours. */
export function storedEvent(entry: unknown): FeedEvent | null {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return null;
  const [id, pairs] = parsed.data;
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < pairs.length; index += 2) fields[pairs[index] ?? ''] = pairs[index + 1] ?? '';
  const { data, event, channel } = fields;
  if (data === undefined || event === undefined || channel === undefined) return null;
  return publishedEvent(`{"data":${data},"event":${JSON.stringify(event)},"channel":${JSON.stringify(channel)},"id":"${id}"}`);
}

/** An event that is only published, made in this process: it repeats the newest id. */
function publishedOnly(event: string, data: string, roomId: RoomId, id: Cursor) {
  return { id, bytes: frame(`{"data":${data},"event":"${event}","channel":"${roomId}","id":"${id}"}`), stored: false };
}

/** The last event of a room that came to its end by itself, or that is found to be gone. */
export const endOfRoom = (roomId: RoomId, id: Cursor, reason: 'destroyed' | 'expired'): FeedEvent => ({
  ...publishedOnly('chat.destroy', JSON.stringify({ isDestroyed: true, reason }), roomId, id),
  ends: 'room',
  here: null,
});

/** `here`: member ids as a JSON list. */
export const presenceChanged = (roomId: RoomId, id: Cursor, here: string): FeedEvent => ({
  ...publishedOnly('presence.changed', `{"here":${here}}`, roomId, id),
  ends: null,
  here,
});

/** The listener hears everything after `cursor` from here on. */
export const connectedFrame = (roomId: RoomId, cursor: Cursor): Buffer =>
  frame(JSON.stringify({ type: 'connected', channel: roomId, cursor }));

export const pingFrame = (timestamp: number): Buffer => frame(JSON.stringify({ type: 'ping', timestamp }));

/** This stream ends, the room does not: come back with the same cursor. */
export const reconnectFrame = (timestamp: number): Buffer => frame(JSON.stringify({ type: 'reconnect', timestamp }));

/** What lies between the cursor and now is more than is replayed: read the history again. */
export const readAfreshFrame = (): Buffer => frame(JSON.stringify({ type: 'error', error: 'read_afresh' }));
