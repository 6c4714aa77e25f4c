import * as z from 'zod/mini';
import { fileIdSchema } from './file';
import { memberIdSchema } from './room';

/** Indexes of the pieces that have come, in order. */
const receivedSchema = z.array(z.number());

export const begunFileSchema = z.object({ fileId: fileIdSchema, pieceBytes: z.number(), received: receivedSchema });
export type BegunFile = z.infer<typeof begunFileSchema>;

export const storedFileSchema = z.object({
  fileId: fileIdSchema,
  /** The member who began it. */
  memberId: memberIdSchema,
  bytes: z.number(),
  pieces: z.number(),
  received: receivedSchema,
});
export type StoredFile = z.infer<typeof storedFileSchema>;
