import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { readStream } from '@/server/storage/events';
import type { PublishedHere } from '@/server/storage/presence';
import { type FeedEvent, storedEvent } from './wire';

const EVENTS_PER_PAGE = 200;
/** A page ends here as well: each stream that is read up holds one of its own. */
const PAGE_BYTES = 65_536;

export interface EventPage {
  events: FeedEvent[];
  /** The last id read, or the one asked from when nothing follows. */
  cursor: Cursor;
  /** Whether more may follow. */
  full: boolean;
  /** Who is here by the last publication, where its turn is not the known one. */
  told: PublishedHere | null;
}

/**
 * A page of a room's stream after a cursor. `knownTurn`: the turn that is known of who is here, where
 * the last publication is to be read, too.
 *
 * @throws RoomError `room_not_found` when the room is gone
 */
export async function readEvents(redis: Redis, roomId: RoomId, after: Cursor, knownTurn?: number): Promise<EventPage> {
  const { entries, cursor, full, here } = await readStream(redis, {
    roomId,
    after,
    entriesMax: EVENTS_PER_PAGE,
    bytesMax: PAGE_BYTES,
    knownTurn: knownTurn ?? null,
  });
  return { events: entries.map(storedEvent).filter((event) => event !== null), cursor, full, told: here };
}
