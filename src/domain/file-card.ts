import * as z from 'zod/mini';
import { padme } from '@/lib/padme';
import { messageFileSchema, piecesOf } from './file';
import {
  FILE_PIECE_BYTES,
  FILE_PIECE_SEAL_BYTES,
  FILE_PIECES_MAX,
  PREVIEW_CHARACTERS_MAX,
  VOICE_MS_MAX,
} from './limits';

/** How a file is stored. */
export interface FilePlan {
  readonly bytes: number;
  readonly pieces: number;
}

/** Padded, cut, and each piece sealed. */
export function planSealed(size: number): FilePlan {
  const padded = padme(size);
  const pieces = Math.ceil(padded / FILE_PIECE_BYTES);
  return { bytes: padded + pieces * FILE_PIECE_SEAL_BYTES, pieces };
}

/** Cut, and nothing else. */
export const planPlain = (size: number): FilePlan => ({ bytes: size, pieces: piecesOf(size, false) });

const bytes32Schema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** A recorded voice: how long it is, and up to 64 levels from `A` (silence) to `_`, spelled as base64url digits. */
export const voiceNoteSchema = z.object({
  ms: z.int().check(z.positive(), z.maximum(VOICE_MS_MAX)),
  wave: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)),
});
export type VoiceNote = z.infer<typeof voiceNoteSchema>;

/** Everything that opens a sealed file but its pieces. `bytes` is as stored, with padding and seals. Sizes in bytes. */
export const fileCardSchema = z
  .object({
    ...messageFileSchema.shape,
    key: bytes32Schema,
    /** base64url(SHA-256 of the SHA-256s of all sealed pieces, in order). */
    hash: bytes32Schema,
    /** As the file's author has it. */
    size: z.int().check(z.positive()),
    /** A small picture as a data URL. */
    preview: z.optional(
      z.string().check(z.maxLength(PREVIEW_CHARACTERS_MAX), z.regex(/^data:image\/(?:jpeg|png|webp);base64,[\w+/=]+$/)),
    ),
    voice: z.optional(voiceNoteSchema),
  })
  // The numbers follow from the size: a card that says anything else was not made by a page.
  .check(z.refine(isOfItsSize, 'is of another size'));
export type FileCard = z.infer<typeof fileCardSchema>;

function isOfItsSize({ size, bytes, pieces }: FilePlan & { readonly size: number }): boolean {
  const plan = planSealed(size);
  return bytes === plan.bytes && pieces === plan.pieces && pieces <= FILE_PIECES_MAX;
}
