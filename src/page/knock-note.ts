import * as z from 'zod/mini';
import { timestampSchema, type RoomId } from '@/domain/room';
import { keysOf, readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';
import { knockKey, KNOCKS_PREFIX } from './knock-key';

const noteSchema = z.object({
  /** When the room ends. All times are of this browser's clock. */
  endsAt: timestampSchema,
  /** The name under which they asked. */
  name: z.string(),
  /** Waits for an answer; else the last one was a refusal. */
  isWaiting: z.boolean(),
  /** How often the owner has refused. */
  refusals: z.number(),
  /** When one may ask again; null: never. */
  againAt: z.nullable(timestampSchema),
});
export type KnockNote = z.infer<typeof noteSchema>;

const readNote = (storage: TabStorage, key: string): KnockNote | null =>
  noteSchema.safeParse(readJson(storage, key)).data ?? null;

export const recallKnock = (storage: TabStorage, roomId: RoomId) => readNote(storage, knockKey(roomId));

export function noteKnock(storage: TabStorage, roomId: RoomId, note: KnockNote): void {
  tryToKeep(storage, knockKey(roomId), JSON.stringify(note));
}

export function forgetKnock(storage: TabStorage, roomId: RoomId): void {
  storage.removeItem(knockKey(roomId));
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeKnocks(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, KNOCKS_PREFIX))
    if ((readNote(storage, key)?.endsAt ?? 0) <= now) storage.removeItem(key);
}
