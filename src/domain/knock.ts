import * as z from 'zod/mini';
import { memberIdSchema, timestampSchema } from './room';
import { sealedCardSchema } from './sealed';

/** 16 letters and digits, as a member id has: public, and not derived from the credential. */
export const knockIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{16}$/, 'is not a knock id'))
  .brand<'KnockId'>();
export type KnockId = z.infer<typeof knockIdSchema>;

/** Somebody at the door, as the owner reads it: in plain rooms a name, in sealed ones the card and the id under which they will sit. */
export const knockSchema = z.object({
  knockId: knockIdSchema,
  memberId: z.optional(memberIdSchema),
  name: z.optional(z.string()),
  card: z.optional(sealedCardSchema),
  /** When they came to the door. */
  at: timestampSchema,
});
export type Knock = z.infer<typeof knockSchema>;
