import * as z from 'zod/mini';
import { padme } from '@/lib/padme';
import { FILE_NAME_CHARACTERS_MAX, PREVIEW_CHARACTERS_MAX, VOICE_MS_MAX } from './limits';
import { memberIdSchema } from './room';
import { isWellFormed } from '@/lib/code-points';
import { textFault } from './text-rules';

/** What a piece holds; the last one of a file may hold less. Upstash and serverless hosts take bodies of this size. */
export const PIECE_BYTES = 262_144;
/** In front of a sealed piece stands its initialization vector of 12 bytes, behind it the tag of 16. */
export const PIECE_SEAL_BYTES = 28;
/** A gigabyte: no host sets a limit beyond it, and a card cannot make a page count any further. */
export const FILE_PIECES_MAX = 4_096;

/** Made by the browser, like a room's id. */
export const fileIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{22}$/, 'is not a file id'))
  .brand<'FileId'>();
export type FileId = z.infer<typeof fileIdSchema>;

export const fileNameSchema = z
  .string()
  .check(z.refine((name) => textFault(name, FILE_NAME_CHARACTERS_MAX) === null, 'is no name of a file'));
/** A media type, which decides nothing until the bytes agree. */
export const fileTypeSchema = z.string().check(z.maxLength(128), z.refine(isWellFormed, 'is not well-formed Unicode'));

const countSchema = z.int().check(z.positive());

/** A file as a message of a plain room names it. */
export const plainFileSchema = z.object({
  fileId: fileIdSchema,
  name: fileNameSchema,
  type: fileTypeSchema,
  bytes: countSchema,
  pieces: countSchema,
});
export type PlainFile = z.infer<typeof plainFileSchema>;

/** The answer to the beginning of a file, the same when it is repeated. `received` are numbers of pieces. */
export const begunFileSchema = z.object({
  fileId: fileIdSchema,
  pieceBytes: countSchema,
  received: z.array(z.int()),
});
export type BegunFile = z.infer<typeof begunFileSchema>;

/** A file as the server has it so far. */
export const storedFileSchema = z.object({
  fileId: fileIdSchema,
  memberId: memberIdSchema,
  bytes: countSchema,
  pieces: countSchema,
  received: z.array(z.int()),
});
export type StoredFile = z.infer<typeof storedFileSchema>;

const bytes32Schema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** A recorded voice: how long it is, and up to 64 levels from `A` (silence) to `_`, spelled as base64url digits. */
export const voiceSchema = z.object({
  ms: z.int().check(z.positive(), z.maximum(VOICE_MS_MAX)),
  wave: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)),
});
export type VoiceNote = z.infer<typeof voiceSchema>;

/** What stands in a sealed room's card beside the rest: everything that opens the pieces. Sizes in bytes. */
const sealSchema = z.object({
  key: bytes32Schema,
  /** base64url(SHA-256 of the SHA-256s of all sealed pieces, in order). */
  hash: bytes32Schema,
  /** As the file's author has it; `bytes` is as stored, with padding and seals. */
  size: countSchema,
  /** A small picture as a data URL. */
  preview: z.optional(
    z.string().check(z.maxLength(PREVIEW_CHARACTERS_MAX), z.regex(/^data:image\/(jpeg|png|webp);base64,/)),
  ),
  voice: z.optional(voiceSchema),
});

/** A sealed file's numbers follow from its size. A card that says anything else was not made by a page. */
export const sealedFileSchema = z
  .extend(plainFileSchema, sealSchema.shape)
  .check(z.refine(({ size, bytes, pieces }) => isPlanOf(planSealed(size), { bytes, pieces }), 'is of another size'));
export type SealedFile = z.infer<typeof sealedFileSchema>;

/** How a file is stored. */
export interface FilePlan {
  readonly bytes: number;
  readonly pieces: number;
}

/** Padded, cut, and each piece sealed. */
export function planSealed(size: number): FilePlan {
  const padded = padme(size);
  const pieces = Math.ceil(padded / PIECE_BYTES);
  return { bytes: padded + pieces * PIECE_SEAL_BYTES, pieces };
}

/** Cut, and nothing else. */
export const planPlain = (size: number): FilePlan => ({ bytes: size, pieces: Math.ceil(size / PIECE_BYTES) });

const isPlanOf = (plan: FilePlan, { bytes, pieces }: FilePlan) =>
  bytes === plan.bytes && pieces === plan.pieces && pieces <= FILE_PIECES_MAX;
