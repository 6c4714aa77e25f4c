import * as z from 'zod/mini';
import { SEEN_MEMBERS_MAX, TYPING_MEMBERS_MAX } from './limits';
import { cursorSchema } from './message';
import type { Room } from './room';

/**
 * `POST /api/signals`: that one is writing, and how far one has read. Neither is stored in the stream; `seen` never goes
 * back, and a cursor of the future counts as the newest.
 */
export const signalSchema = z
  .object({ typing: z.optional(z.boolean()), seen: z.optional(cursorSchema) })
  .check(z.refine(({ typing, seen }) => typing !== undefined || seen !== undefined, 'holds neither typing nor seen'));
export type Signal = z.infer<typeof signalSchema>;

/** Which signals a room of this many seats carries. */
export const signalsOf = (maxMembers: number): Room['signals'] => ({
  typing: maxMembers <= TYPING_MEMBERS_MAX,
  seen: maxMembers <= SEEN_MEMBERS_MAX,
});
