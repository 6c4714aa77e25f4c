import * as z from 'zod/mini';
import { memberIdSchema, timestampSchema } from '@/domain/room';
import { keysOf, parseJson, type TabStorage } from '@/lib/tab-storage';

const PREFIX = 'mayfly:ignored:';

const keptSchema = z.object({
  /** When the room ends, on this browser's clock. */
  endsAt: timestampSchema,
  members: z.array(memberIdSchema),
});

export const readIgnored = (value: string | null) => keptSchema.safeParse(parseJson(value)).data ?? null;

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeIgnored(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((readIgnored(storage.getItem(key))?.endsAt ?? 0) <= now) storage.removeItem(key);
}
