import * as z from 'zod/mini';
import { fileNameSchema, fileTypeSchema } from '@/domain/file';
import { voiceNoteSchema } from '@/domain/file-card';
import { parseJson } from '@/lib/tab-storage';
import type { SessionContext } from '@/session/session-context';
import { keepUploads, type KeptUpload } from './kept-uploads';
import type { UploadItem } from './upload-items';

/** The sealed part of what is kept: all that the server does not see, and what the file is recognised by. */
const sealedPartSchema = z.object({
  name: fileNameSchema,
  type: fileTypeSchema,
  size: z.int().check(z.positive()),
  fingerprint: z.string(),
  key: z.string(),
  text: z.optional(z.string()),
  preview: z.optional(z.string()),
  voice: z.optional(voiceNoteSchema),
});

/** Seals what is to be kept of a file. In a plain room nothing is: words of one lie nowhere. */
export async function sealItem({ voice }: SessionContext, item: UploadItem): Promise<UploadItem> {
  const { name, type, size, fingerprint, key, text, preview, voice: note } = item;
  if (key === null) return item;
  const part = { name, type, size, fingerprint, key, text, preview, voice: note };
  return { ...item, sealed: await voice.keep(JSON.stringify(part)) };
}

/** `unopened`: what pages before this one kept, as it is. */
export function keepItems(
  { shelf, room, clock, self }: SessionContext,
  unopened: readonly KeptUpload[],
  items: readonly UploadItem[],
): void {
  const kept = items.map(({ fileId, sealed, seals, begun }) => ({
    fileId,
    begun,
    ...(sealed !== null && { sealed }),
    seals: Array.from(seals, (seal = '') => seal),
  }));
  keepUploads(shelf, {
    endsAt: clock.toBrowserTime(room.get().expiresAt),
    memberId: self,
    files: [...unopened, ...kept],
  });
}

/** Those that can be opened again, as soon as the keys for it are there; their content has to be chosen again, unless all of it has arrived. */
export async function recallItems({ voice }: SessionContext, kept: readonly KeptUpload[]): Promise<UploadItem[]> {
  const items = await Promise.all(
    kept.map(async ({ fileId, sealed, seals, begun }): Promise<UploadItem | null> => {
      const part = sealed === undefined ? null : sealedPartSchema.safeParse(parseJson(await voice.recall(sealed)));
      if (sealed === undefined || !part?.success) return null;
      const { text, preview, voice: note, ...rest } = part.data;
      return {
        fileId,
        ...rest,
        ...(text !== undefined && { text }),
        ...(preview !== undefined && { preview }),
        ...(note && { voice: note }),
        sent: 0,
        state: { kind: 'queued' },
        content: null,
        seals: seals.map((seal) => (seal === '' ? undefined : seal)),
        begun,
        sealed,
      };
    }),
  );
  return items.filter((item) => item !== null);
}
