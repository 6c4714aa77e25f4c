import * as z from 'zod/mini';
import { SEALED_CHARACTERS_MAX } from './limits';
import { memberIdSchema, timestampSchema } from './room';

/** One seat as `GET /api/members` returns it. `name` is a label of the member's own choice, sealed in sealed rooms. */
export const memberSchema = z.object({
  memberId: memberIdSchema,
  owner: z.boolean(),
  joinedAt: timestampSchema,
  here: z.boolean(),
  name: z.optional(z.string()),
});
export type Member = z.infer<typeof memberSchema>;

/** `PATCH /api/members`, before it is known whether the room is sealed. */
export const updateMemberSchema = z.object({ name: z.string().check(z.maxLength(SEALED_CHARACTERS_MAX)) });
