import * as z from 'zod/mini';
import { cursorSchema } from './message';
import { memberIdSchema } from './room';
import { epochSchema, keyCheckSchema, sealedCardSchema, sealedPreviousSchema, wrapSchema } from './sealed';

/** A change of the room's secret as `GET /api/epochs` returns it. */
export const epochChangeSchema = z.object({
  epoch: epochSchema,
  /** The owner who made it, and their card as it stood before. */
  by: memberIdSchema,
  card: sealedCardSchema,
  /** The place of `room.rekeyed` in the stream. */
  cursor: cursorSchema,
  keyCheck: keyCheckSchema,
  previous: sealedPreviousSchema,
  /** The reader's own; absent where they were not seated then. */
  wrap: z.optional(wrapSchema),
});
export type EpochChange = z.infer<typeof epochChangeSchema>;
