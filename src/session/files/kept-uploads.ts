import * as z from 'zod/mini';
import { fileIdSchema } from '@/domain/file';
import { memberIdSchema, timestampSchema } from '@/domain/room';
import { keysOf, parseJson, type TabStorage } from '@/lib/tab-storage';
import type { Shelf } from '@/session/shelf';

const PREFIX = 'mayfly:files:';

/** A vector of 12 bytes and a digest of 32, in base64url; empty for a piece that is not sealed yet. */
const sealSchema = z.string().check(z.regex(/^(?:[\w-]{59})?$/));

const keptUploadSchema = z.object({
  fileId: fileIdSchema,
  /** All that the server does not see; missing in a plain room, whose files are not kept: they are only removed. */
  sealed: z.optional(z.string()),
  seals: z.array(sealSchema),
  /** The server may know it. */
  begun: z.boolean(),
});
export type KeptUpload = z.infer<typeof keptUploadSchema>;

const keptUploadsSchema = z.object({
  /** When the room ends, on this browser's clock, which is the one at hand when another page purges. */
  endsAt: timestampSchema,
  /** Another seat could not put the missing pieces. */
  memberId: memberIdSchema,
  files: z.array(keptUploadSchema),
});
export type KeptUploads = z.infer<typeof keptUploadsSchema>;

/** What a page has not finished, oldest first. Null for what none of ours has written. */
export const parseUploads = (value: string | null): KeptUploads | null =>
  keptUploadsSchema.safeParse(parseJson(value)).data ?? null;

export const keepUploads = (shelf: Pick<Shelf, 'put'>, uploads: KeptUploads): void =>
  shelf.put('files', uploads.files.length === 0 ? null : JSON.stringify(uploads));

/** Removes what is left of rooms that have ended; every page load does. */
export function purgeUploads(storage: TabStorage, now: number): void {
  for (const key of keysOf(storage, PREFIX))
    if ((parseUploads(storage.getItem(key))?.endsAt ?? 0) <= now) storage.removeItem(key);
}
