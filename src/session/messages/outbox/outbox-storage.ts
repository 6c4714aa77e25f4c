import * as z from 'zod/mini';
import { ROOM_REASONS } from '@/domain/errors';
import { messageIdSchema } from '@/domain/message';
import { memberIdSchema, timestampSchema, type RoomId } from '@/domain/room';
import { sealedSchema } from '@/domain/sealed';
import { keysOf, readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';

const PREFIX = 'mayfly:outbox:';

const reasonSchema = z.enum([...ROOM_REASONS, 'offline', 'unreachable', 'insecure_context']);

/** Sealed strings only, by type: the outbox never puts the words of a plain room into storage. */
const keptMessageSchema = z.object({
  id: messageIdSchema,
  text: sealedSchema,
  timestamp: timestampSchema,
  /** The server may have it. */
  tried: z.optional(z.literal(true)),
  /** Why the server refused it, so that a reload does not send it again unasked. */
  refusedFor: z.optional(reasonSchema),
});
export type KeptMessage = z.infer<typeof keptMessageSchema>;

const keptOutboxSchema = z.object({
  /** When the room ends, on this browser's clock, which is the one at hand when another page purges. */
  endsAt: timestampSchema,
  /** Another seat could neither unseal the texts nor take these messages back. */
  memberId: memberIdSchema,
  messages: z.array(keptMessageSchema),
  /** Messages to be taken back, each with its edits; in plain rooms, too, as ids are no words. */
  removals: z.optional(z.array(z.object({ id: messageIdSchema, ids: z.array(messageIdSchema) }))),
});
export type KeptOutbox = z.infer<typeof keptOutboxSchema>;

function readOutbox(storage: TabStorage, key: string): KeptOutbox | null {
  const kept = keptOutboxSchema.safeParse(readJson(storage, key));
  return kept.success ? kept.data : null;
}

/** Messages that were written and not stored before this page was loaded, oldest first. */
export function recallOutbox(storage: TabStorage, roomId: RoomId): KeptOutbox | null {
  return readOutbox(storage, PREFIX + roomId);
}

export function keepOutbox(storage: TabStorage, roomId: RoomId, outbox: KeptOutbox): void {
  if (outbox.messages.length === 0 && outbox.removals === undefined) forgetOutbox(storage, roomId);
  else tryToKeep(storage, PREFIX + roomId, JSON.stringify(outbox));
}

export function forgetOutbox(storage: TabStorage, roomId: RoomId): void {
  storage.removeItem(PREFIX + roomId);
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeOutboxes(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((readOutbox(storage, key)?.endsAt ?? 0) <= now) storage.removeItem(key);
}
