import * as z from 'zod/mini';
import { epochSchema, keyCheckSchema } from './sealed';

/** 22 letters and digits (130 bits): `_` and `-` at the end of a link are lost when chat apps make it clickable. */
export const ROOM_ID_CHARACTERS = 22;
/** 16 letters and digits (95 bits): public, unique in a room, not derived from the credential. */
export const MEMBER_ID_CHARACTERS = 16;

export const roomIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{22}$/, 'is not a room id'))
  .brand<'RoomId'>();
export type RoomId = z.infer<typeof roomIdSchema>;

export const memberIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{16}$/, 'is not a member id'))
  .brand<'MemberId'>();
export type MemberId = z.infer<typeof memberIdSchema>;

/** Milliseconds since the epoch, by Redis's clock. */
export const timestampSchema = z.number();

/** What a room takes of files: bytes of content in one of them, and in all together. Of these a guest may hold half. */
export const fileLimitsSchema = z.object({ maxBytes: z.number(), roomBytes: z.number() });
export type FileLimits = z.infer<typeof fileLimitsSchema>;

/** Whether the link alone gives a seat, or its owner lets each newcomer in. */
export const entrySchema = z.enum(['open', 'knock']);
export type Entry = z.infer<typeof entrySchema>;

/** Ten minutes more, as somebody has proposed them: who agreed so far, `by` first, and when the proposal lapses. */
export const extensionSchema = z.object({
  by: memberIdSchema,
  agreed: z.array(memberIdSchema),
  until: timestampSchema,
});
export type Extension = z.infer<typeof extensionSchema>;

/**
 * A room as anyone with the link may see it. `now` is the moment of the answer on the same clock as
 * `expiresAt`; `members` counts seats taken, `here` members with an open stream.
 */
export const roomSchema = z.object({
  roomId: roomIdSchema,
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
  now: timestampSchema,
  members: z.number(),
  here: z.number(),
  maxMembers: z.number(),
  sealed: z.boolean(),
  locked: z.boolean(),
  entry: entrySchema,
  /** Whether it stands on the front page, under its topic. */
  listed: z.boolean(),
  topic: z.optional(z.string()),
  /** BCP 47. */
  language: z.optional(z.string()),
  /** The time between two messages of one member; 0 where everybody writes as they like. */
  slowModeSeconds: z.number(),
  /** There while ten minutes more are proposed. */
  extension: z.optional(extensionSchema),
  /** What a room of this size carries beside messages: who is writing, and how far each has read. */
  signals: z.object({ typing: z.boolean(), seen: z.boolean() }),
  /** What it takes of files; null where files are off. */
  files: z.nullable(fileLimitsSchema),
  /** In sealed rooms: the check of the room's secret, how often that was replaced, and the checks of those before. */
  keyCheck: z.optional(keyCheckSchema),
  epoch: z.optional(epochSchema),
  replaced: z.optional(z.array(keyCheckSchema)),
});
export type Room = z.infer<typeof roomSchema>;

/** Whether nobody new can join at this moment. */
export const isClosed = ({ locked, members, maxMembers }: Pick<Room, 'locked' | 'members' | 'maxMembers'>): boolean =>
  locked || members >= maxMembers;

/** The seat that a credential holds. */
export const seatSchema = z.object({ memberId: memberIdSchema, owner: z.boolean() });
export type Seat = z.infer<typeof seatSchema>;
