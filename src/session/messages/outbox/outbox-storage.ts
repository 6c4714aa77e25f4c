import * as z from 'zod/mini';
import { fileIdSchema } from '@/domain/file';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema, timestampSchema } from '@/domain/room';
import { ROOM_REASONS } from '@/domain/room-reasons';
import { sealedSchema } from '@/domain/sealed';
import { keysOf, parseJson, type TabStorage } from '@/lib/tab-storage';
import type { Shelf } from '@/session/shelf';

const PREFIX = 'mayfly:outbox:';

const reasonSchema = z.enum([...ROOM_REASONS, 'offline', 'unreachable', 'insecure_context']);

/** Sealed strings only, by type: the outbox never puts the words of a plain room into storage. */
const keptMessageSchema = z.object({
  id: messageIdSchema,
  text: sealedSchema,
  timestamp: timestampSchema,
  after: z.optional(cursorSchema),
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
  removals: z.optional(
    z.array(
      z.object({
        id: messageIdSchema,
        ids: z.array(messageIdSchema),
        fileId: z.optional(fileIdSchema),
        memberId: z.optional(memberIdSchema),
      }),
    ),
  ),
});
export type KeptOutbox = z.infer<typeof keptOutboxSchema>;

/** What a page has not sent, oldest first. Null for what none of ours has written. */
export const parseOutbox = (value: string | null): KeptOutbox | null =>
  keptOutboxSchema.safeParse(parseJson(value)).data ?? null;

export function keepOutbox(shelf: Pick<Shelf, 'put'>, outbox: KeptOutbox): void {
  const isEmpty = outbox.messages.length === 0 && outbox.removals === undefined;
  shelf.put('outbox', isEmpty ? null : JSON.stringify(outbox));
}

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeOutboxes(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((parseOutbox(storage.getItem(key))?.endsAt ?? 0) <= now) storage.removeItem(key);
}
