import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { type Cursor, cursorSchema } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { readEventsScript } from '@/server/storage/scripts/streams';
import { type FeedEvent, storedEvent } from './wire';

const EVENTS_PER_PAGE = 200;

const replySchema = z.tuple([z.literal('ok'), z.array(z.tuple([cursorSchema, z.array(z.string())]))]);

export interface EventPage {
  events: FeedEvent[];
  /** The last id read, or the one asked from when nothing follows. */
  cursor: Cursor;
  /** Whether more may follow. */
  full: boolean;
}

/** A page of a room's stream after a cursor. Throws `room_not_found` when the room is gone. */
export async function readEvents(redis: Redis, roomId: RoomId, after: Cursor): Promise<EventPage> {
  const reply = await readEventsScript.run(redis, roomKeys(roomId), [roomId, after, EVENTS_PER_PAGE]);
  if (reply[0] === 'room_not_found') throw new RoomError('room_not_found');
  const [, entries] = replySchema.parse(reply);
  return {
    events: entries.map(storedEvent).filter((event) => event !== null),
    cursor: entries.at(-1)?.[0] ?? after,
    full: entries.length === EVENTS_PER_PAGE,
  };
}
