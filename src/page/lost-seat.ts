import * as z from 'zod/mini';
import { timestampSchema, type RoomId } from '@/domain/room';
import { keysOf, readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';

const PREFIX = 'mayfly:lost-seat:';

const lostSeatSchema = z.object({
  /** When the room ends, on this browser's clock, which is the one at hand when another page purges. */
  endsAt: timestampSchema,
  reason: z.enum(['removed', 'displaced']),
  /** The room is not sealed: its address alone opens it, also for a member who was removed. */
  keyless: z.optional(z.boolean()),
});
export type LostSeat = z.infer<typeof lostSeatSchema>;

function readLostSeat(storage: TabStorage, key: string): LostSeat | null {
  const kept = lostSeatSchema.safeParse(readJson(storage, key));
  return kept.success ? kept.data : null;
}

/** How this tab's person lost a seat in a room that has not ended, so that a reload says so instead of opening the door. */
export function recallLostSeat(storage: TabStorage, roomId: RoomId, now: number): LostSeat | null {
  const lost = readLostSeat(storage, PREFIX + roomId);
  return lost !== null && lost.endsAt > now ? lost : null;
}

export function rememberLostSeat(storage: TabStorage, roomId: RoomId, lost: LostSeat): void {
  tryToKeep(storage, PREFIX + roomId, JSON.stringify(lost));
}

export function forgetLostSeat(storage: TabStorage, roomId: RoomId): void {
  storage.removeItem(PREFIX + roomId);
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeLostSeats(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((readLostSeat(storage, key)?.endsAt ?? 0) <= now) storage.removeItem(key);
}
