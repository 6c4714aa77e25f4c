import * as z from 'zod/mini';
import { memberIdSchema, timestampSchema } from './room';
import { sealedCardSchema } from './sealed';

/**
 * Somebody who asks to be let in, as the owner is shown them: in a plain room by the name that they give, in a sealed one by the card
 * of the member that they would be. `at`: since when they have waited.
 */
export const knockSchema = z.object({
  knockId: z.string(),
  memberId: z.optional(memberIdSchema),
  name: z.optional(z.string()),
  card: z.optional(sealedCardSchema),
  at: timestampSchema,
});
export type Knock = z.infer<typeof knockSchema>;
