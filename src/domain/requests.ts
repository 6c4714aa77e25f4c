import * as z from 'zod/mini';
import { isWellFormed } from '@/lib/code-points';
import { countSchema, fileIdSchema, messageFileSchema } from './file';
import {
  REPORT_REASON_CHARACTERS_MAX,
  SEALED_CHARACTERS_MAX,
  SENDER_CHARACTERS_MAX,
  SLOW_MODE_SECONDS_MAX,
  TEXT_CHARACTERS_MAX,
  TOPIC_CHARACTERS_MAX,
  WHISPER_CHARACTERS_MAX,
} from './limits';
import {
  ROOM_LIFETIME_SECONDS_MAX,
  ROOM_LIFETIME_SECONDS_MIN,
  ROOM_MEMBERS_MAX,
  ROOM_MEMBERS_MIN,
} from './room-limits';
import { isLanguage, holdsAddress } from './lobby';
import { aboutSchema, cursorSchema, messageIdSchema } from './message';
import { plainText } from './plain-text';
import { reactionSchema } from './reaction';
import { entrySchema, memberIdSchema, timestampSchema } from './room';
import {
  epochOf,
  joinProofSchema,
  keyCheckSchema,
  proofHashSchema,
  sealedCardSchema,
  sealedPreviousSchema,
  sealedSchema,
  wrapSchema,
} from './sealed';
import { nameFault, textFault } from './text-rules';

// The bodies of requests. Only the server parses them, and a browser that imported nothing but their types downloads none of it.

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

const languageSchema = z.string().check(z.refine(isLanguage, 'is not a language tag'));

/** What a room's owner may say of who comes and how they talk, at making or later. */
const steeringSchema = z.object({
  entry: z.optional(entrySchema),
  listed: z.optional(z.boolean()),
  topic: z.optional(
    plainText(
      TOPIC_CHARACTERS_MAX,
      (topic, charactersMax) => textFault(topic, charactersMax) ?? nameFault(topic),
    ).check(z.refine((topic) => !holdsAddress(topic), 'holds an address')),
  ),
  language: z.optional(languageSchema),
  slowModeSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(SLOW_MODE_SECONDS_MAX))),
});
export type Steering = z.infer<typeof steeringSchema>;

const settingsSchema = z.object({
  ...steeringSchema.shape,
  lifetimeSeconds: z.optional(lifetimeSecondsSchema),
  maxMembers: z.optional(maxMembersSchema),
  /** Locks itself in the very moment in which the last seat is taken. */
  locksWhenFull: z.optional(z.boolean()),
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
    if (room.listed === true && room.sealed === true)
      context.addIssue({ code: 'custom', path: ['listed'], message: 'is not for sealed rooms', input: room.listed });
    if (room.listed === true && room.topic === undefined)
      context.addIssue({ code: 'custom', path: ['topic'], message: 'is required in listed rooms', input: room.topic });
    if (room.card !== undefined && epochOf(room.card) !== 0) refuse('card', 'is not sealed for epoch 0');
  }),
);
export type OpenRoom = z.infer<typeof openRoomSchema>;

/** `POST /api/room/join`. A newcomer to a sealed room gives proof, id and card; plain rooms refuse them. */
export const joinRoomSchema = z.object({
  proof: z.optional(joinProofSchema),
  memberId: z.optional(memberIdSchema),
  card: z.optional(sealedCardSchema),
  /** What the owner of a plain room reads of somebody at the door. */
  name: z.optional(plainText(SENDER_CHARACTERS_MAX, nameFault)),
  credentials: z.optional(credentialsSchema),
});
export type JoinRoom = z.infer<typeof joinRoomSchema>;

/** `PATCH /api/room`. A room whose language is null has none any more. */
export const updateRoomSchema = z
  .object({
    locked: z.optional(z.boolean()),
    ...steeringSchema.shape,
    language: z.optional(z.nullable(languageSchema)),
  })
  .check(z.refine((change) => Object.values(change).some((value) => value !== undefined), 'holds nothing to change'));
export type UpdateRoom = z.infer<typeof updateRoomSchema>;

/** `POST /api/room/extension`: `expiresAt` is the end that one agrees to move from. */
export const extendRoomSchema = z.object({ agree: z.boolean(), expiresAt: timestampSchema });
export type ExtendRoom = z.infer<typeof extendRoomSchema>;

/** `POST /api/knocks`. */
export const answerKnockSchema = z.object({ admit: z.boolean() });

/** `POST /api/whispers`. */
export const whisperSchema = z.object({
  text: z
    .string()
    .check(z.minLength(1), z.maxLength(WHISPER_CHARACTERS_MAX), z.refine(isWellFormed, 'is not well-formed Unicode')),
});

/** `POST /api/reports`. */
export const reportSchema = z.object({ reason: z.optional(plainText(REPORT_REASON_CHARACTERS_MAX, textFault)) });

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

/** `PATCH /api/members`, before it is known whether the room is sealed. */
export const updateMemberSchema = z.object({
  name: z.optional(z.string().check(z.maxLength(SENDER_CHARACTERS_MAX * 2))),
  card: z.optional(sealedCardSchema),
});
export type UpdateMember = z.infer<typeof updateMemberSchema>;

/** The texts that a plain room takes. */
export const senderSchema = plainText(SENDER_CHARACTERS_MAX, nameFault);
export const textSchema = plainText(TEXT_CHARACTERS_MAX, textFault);

const anyText = z.string().check(z.maxLength(SEALED_CHARACTERS_MAX));

/** `POST /api/messages`, before it is known whether the room is sealed. */
export const sendMessageSchema = z.object({
  id: z.optional(messageIdSchema),
  sender: z.optional(anyText),
  text: anyText,
  about: z.optional(aboutSchema),
  file: z.optional(messageFileSchema),
});

/** The same in a sealed room, where the server sees nothing of what a message is about. */
export const sealedContentSchema = z.object({
  sender: z.optional(z.undefined('is not taken in sealed rooms')),
  text: sealedSchema,
  about: z.optional(z.undefined('is not taken in sealed rooms')),
  file: z.optional(z.undefined('is not taken in sealed rooms')),
});

/** The same in a plain room. */
export const plainContentSchema = z.object({ sender: senderSchema, text: textSchema, about: z.optional(aboutSchema) });
/** A reaction in a plain room, whose text is the reaction. */
export const plainReactionSchema = z.extend(plainContentSchema, { text: reactionSchema });
/** A file in a plain room, which may be a reply. Its text stands below it and may be empty. */
export const plainFileSchema = z.extend(plainContentSchema, {
  text: z.union([z.literal(''), textSchema]),
  about: z.optional(
    z.extend(aboutSchema, { kind: z.literal('reply', 'is not reply, as a message with a file may be') }),
  ),
  file: messageFileSchema,
});

/** `POST /api/files`: bytes as they will be stored, and their pieces. */
export const beginFileSchema = z.object({ id: fileIdSchema, bytes: countSchema, pieces: countSchema });
export type BeginFile = z.infer<typeof beginFileSchema>;

/**
 * `POST /api/signals`: that one is writing, and how far one has read. Neither is stored in the stream; `seen` never goes
 * back, and a cursor of the future counts as the newest.
 */
export const signalSchema = z
  .object({ typing: z.optional(z.boolean()), seen: z.optional(cursorSchema) })
  .check(z.refine(({ typing, seen }) => typing !== undefined || seen !== undefined, 'holds neither typing nor seen'));
export type Signal = z.infer<typeof signalSchema>;
