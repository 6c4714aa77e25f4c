import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { type Cursor, cursorSchema } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { readEventsScript } from '@/server/storage/presence';
import { type HereTold, hereToldSchema } from './here-list';
import { type FeedEvent, storedEvent } from './wire';

const EVENTS_PER_PAGE = 200;
/** A page ends here as well: each stream that is read up holds one of its own. */
const PAGE_BYTES = 65_536;

const statusSchema = z.literal('ok');
const entriesSchema = z.array(z.tuple([cursorSchema, z.array(z.string())]));
const moreSchema = z.enum(['0', '1']);

export interface EventPage {
  events: FeedEvent[];
  /** The last id read, or the one asked from when nothing follows. */
  cursor: Cursor;
  /** Whether more may follow. */
  full: boolean;
  /** Who was told to be here, where that is not what was known. */
  told: HereTold | null;
}

/**
 * A page of a room's stream after a cursor. `knownTurn`: the turn that is known of who is here, where
 * what was published is read up too. Throws `room_not_found` when the room is gone.
 */
export async function readEvents(redis: Redis, roomId: RoomId, after: Cursor, knownTurn?: number): Promise<EventPage> {
  const [status, found, more, ...told] = await readEventsScript.run(redis, roomKeys(roomId), [
    roomId,
    after,
    EVENTS_PER_PAGE,
    PAGE_BYTES,
    knownTurn ?? '',
  ]);
  if (status === 'room_not_found') throw new RoomError('room_not_found');
  statusSchema.parse(status);
  const entries = entriesSchema.parse(found);
  return {
    events: entries.map(storedEvent).filter((event) => event !== null),
    cursor: entries.at(-1)?.[0] ?? after,
    full: moreSchema.parse(more) === '1',
    told: hereToldSchema.parse(told),
  };
}
