import * as z from 'zod/mini';
import { cursorSchema } from './message';
import { memberIdSchema, timestampSchema } from './room';
import { sealedCardSchema } from './sealed';

/** One seat as `GET /api/members` returns it. `name` is a label of the member's own choice; in sealed rooms it stands in their `card`. */
export const memberSchema = z.object({
  memberId: memberIdSchema,
  owner: z.boolean(),
  joinedAt: timestampSchema,
  here: z.boolean(),
  name: z.optional(z.string()),
  card: z.optional(sealedCardSchema),
  /** How far they have read, where they show it. */
  seen: z.optional(cursorSchema),
});
export type Member = z.infer<typeof memberSchema>;

const { memberId, name, card } = memberSchema.shape;

/** A member who gave up or lost their seat, and has a message in the room. */
export const formerMemberSchema = z.object({ memberId, name, card });
export type FormerMember = z.infer<typeof formerMemberSchema>;
