import * as z from 'zod/mini';
import { memberIdSchema } from './room';
import { sealedCardSchema } from './sealed';

/** A member who gets a new secret. */
export const seatedCardSchema = z.object({ memberId: memberIdSchema, card: sealedCardSchema });
export type SeatedCard = z.infer<typeof seatedCardSchema>;
