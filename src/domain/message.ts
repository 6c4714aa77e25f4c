import * as z from 'zod/mini';
import { compareStreamIds, earlierStreamId } from '@/lib/stream-id';
import { messageFileSchema } from './file';
import { MESSAGE_ID_CHARACTERS_MAX, MESSAGE_ID_CHARACTERS_MIN } from './limits';
import { memberIdSchema, roomIdSchema, timestampSchema } from './room';

/** Unique in its room. The browser makes it before it sends, so a repeat is recognised. */
export const messageIdSchema = z
  .string()
  .check(
    z.regex(
      new RegExp(`^[A-Za-z0-9_-]{${MESSAGE_ID_CHARACTERS_MIN},${MESSAGE_ID_CHARACTERS_MAX}}$`),
      `is not ${MESSAGE_ID_CHARACTERS_MIN} to ${MESSAGE_ID_CHARACTERS_MAX} characters of A-Za-z0-9_-`,
    ),
  )
  .brand<'MessageId'>();
export type MessageId = z.infer<typeof messageIdSchema>;

/** A position in the room's stream, `<ms>-<seq>`: the id of the last event seen. */
export const cursorSchema = z
  .string()
  .check(z.regex(/^\d{1,20}-\d{1,20}$/, 'is not a cursor'))
  .brand<'Cursor'>();
export type Cursor = z.infer<typeof cursorSchema>;

/** Before the first event of any stream. */
export const CURSOR_START = cursorSchema.parse('0-0');

/** Negative when `left` stands before `right` in the stream, positive when after it, 0 when they are the same. */
export const compareCursors = (left: Cursor, right: Cursor): number => compareStreamIds(left, right);

/** A cursor that stands `ms` milliseconds earlier. */
export const earlierCursor = (cursor: Cursor, ms: number): Cursor => cursorSchema.parse(earlierStreamId(cursor, ms));

/** Later than any event of any room, but still a stream id that Redis can read. */
const CURSOR_FUTURE = cursorSchema.parse('253402300799999-0');

/** Returns a cursor that Redis can read: one beyond its range counts as later than every event. */
export function readableCursor(cursor: Cursor): Cursor {
  return compareCursors(cursor, CURSOR_FUTURE) > 0 ||
    cursor.split('-').some((part) => !Number.isSafeInteger(Number(part)))
    ? CURSOR_FUTURE
    : cursor;
}

/** What a message of a plain room does to another one, which has this id. */
export const aboutSchema = z.object({ kind: z.enum(['reply', 'reaction', 'edit']), id: messageIdSchema });
export type About = z.infer<typeof aboutSchema>;

/** A message as stored and as `chat.message` carries it; its cursor is the event's own id. */
export const messageSchema = z.object({
  id: messageIdSchema,
  roomId: roomIdSchema,
  memberId: memberIdSchema,
  /** In plain rooms. */
  sender: z.optional(z.string()),
  text: z.string(),
  about: z.optional(aboutSchema),
  /** In plain rooms; its text may then be empty. */
  file: z.optional(messageFileSchema),
  timestamp: timestampSchema,
});
export type Message = z.infer<typeof messageSchema>;

export const messageWithCursorSchema = z.object({ ...messageSchema.shape, cursor: cursorSchema });
export type MessageWithCursor = z.infer<typeof messageWithCursorSchema>;
