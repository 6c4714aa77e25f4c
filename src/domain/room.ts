import * as z from 'zod/mini';
import { ROOM_LIFETIME_SECONDS_MAX, ROOM_LIFETIME_SECONDS_MIN, ROOM_MEMBERS_MAX, ROOM_MEMBERS_MIN } from './limits';
import { sealedCardSchema, epochOf, epochSchema, keyCheckSchema, proofHashSchema, joinProofSchema } from './sealed';

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

/** How a client wants its credential: as the room's own cookie, or in the body to send as a bearer token. */
export const credentialsSchema = z.enum(['cookie', 'bearer']);

const lifetimeSecondsSchema = z.int().check(z.minimum(ROOM_LIFETIME_SECONDS_MIN), z.maximum(ROOM_LIFETIME_SECONDS_MAX));
const maxMembersSchema = z.int().check(z.minimum(ROOM_MEMBERS_MIN), z.maximum(ROOM_MEMBERS_MAX));

/** What the maker of a sealed room says of its secret and of themselves. */
export const sealingSchema = z.object({
  keyCheck: keyCheckSchema,
  proofHash: proofHashSchema,
  memberId: memberIdSchema,
  card: sealedCardSchema,
});
export type Sealing = z.infer<typeof sealingSchema>;
const SEALING_FIELDS = ['keyCheck', 'proofHash', 'memberId', 'card'] as const;

const settingsSchema = z.object({
  lifetimeSeconds: z.optional(lifetimeSecondsSchema),
  maxMembers: z.optional(maxMembersSchema),
  sealed: z.optional(z.boolean()),
  ...z.partial(sealingSchema).shape,
  credentials: z.optional(credentialsSchema),
});

/** `POST /api/room`. */
export const openRoomSchema = settingsSchema.check(
  z.superRefine((room, context) => {
    const refuse = (field: keyof Sealing, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: room[field] });
    for (const field of SEALING_FIELDS) {
      if ((room.sealed === true) !== (room[field] !== undefined))
        refuse(field, 'goes with sealed: true, and only with it');
    }
    if (room.card !== undefined && epochOf(room.card) !== 0) refuse('card', 'is not sealed for epoch 0');
  }),
);
export type OpenRoom = z.infer<typeof openRoomSchema>;

/** `POST /api/room/join`. A newcomer to a sealed room gives proof, id and card; plain rooms refuse them. */
export const joinRoomSchema = z.object({
  proof: z.optional(joinProofSchema),
  memberId: z.optional(memberIdSchema),
  card: z.optional(sealedCardSchema),
  credentials: z.optional(credentialsSchema),
});
export type JoinRoom = z.infer<typeof joinRoomSchema>;

/** `PATCH /api/room`. */
export const updateRoomSchema = z.object({ locked: z.boolean() });
