import * as z from 'zod/mini';
import { cursorSchema } from './message';
import { memberIdSchema } from './room';
import {
  sealedCardSchema,
  epochSchema,
  keyCheckSchema,
  sealedPreviousSchema,
  proofHashSchema,
  wrapSchema,
} from './sealed';

/** `POST /api/room/rekey`: a new secret for the room, and a wrap of it for each seated member less the one removed. */
export const rekeySchema = z.object({
  /** The storage says when a room has had its last one. */
  epoch: z.int().check(z.minimum(1)),
  keyCheck: keyCheckSchema,
  proofHash: proofHashSchema,
  previous: sealedPreviousSchema,
  wraps: z.record(memberIdSchema, wrapSchema),
  remove: z.optional(memberIdSchema),
});
export type Rekey = z.infer<typeof rekeySchema>;

/** A member who gets a new secret. */
export const seatedCardSchema = z.object({ memberId: memberIdSchema, card: sealedCardSchema });
export type SeatedCard = z.infer<typeof seatedCardSchema>;

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
