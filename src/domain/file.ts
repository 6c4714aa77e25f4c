import * as z from 'zod/mini';
import { FILE_NAME_CHARACTERS_MAX, FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES, FILE_TYPE_CHARACTERS_MAX } from './limits';
import { plainText } from './plain-text';
import { textFault } from './text-rules';

/** Made by the client, in the shape of a room's id: nobody can guess the id of another's file. */
export const fileIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{22}$/, 'is not a file id'))
  .brand<'FileId'>();
export type FileId = z.infer<typeof fileIdSchema>;

/** A media type as its author's system names it. It decides nothing until the bytes agree. */
export const fileTypeSchema = z
  .string()
  .check(z.regex(new RegExp(`^[ -~]{0,${FILE_TYPE_CHARACTERS_MAX}}$`), 'is not a media type'));
export const fileNameSchema = plainText(FILE_NAME_CHARACTERS_MAX, textFault);

/** Bytes of a whole piece as it is stored: in a sealed room its content and the seal. */
export const pieceBytesOf = (sealed: boolean): number => FILE_PIECE_BYTES + (sealed ? FILE_PIECE_SEAL_BYTES : 0);

/** How many pieces a file of `bytes` stored bytes has. Every piece but the last is whole. */
export const piecesOf = (bytes: number, sealed: boolean): number => Math.ceil(bytes / pieceBytesOf(sealed));

/** Whether a file of that many stored bytes can be: each piece holds something beside its seal. */
export function fitsPieces({ bytes, pieces }: { bytes: number; pieces: number }, sealed: boolean): boolean {
  const last = bytes - (pieces - 1) * pieceBytesOf(sealed);
  return pieces === piecesOf(bytes, sealed) && last > (sealed ? FILE_PIECE_SEAL_BYTES : 0);
}

export const countSchema = z.int().check(z.positive());

/** A file as a message of a plain room names it. */
export const messageFileSchema = z.object({
  fileId: fileIdSchema,
  name: fileNameSchema,
  type: fileTypeSchema,
  bytes: countSchema,
  pieces: countSchema,
});
export type MessageFile = z.infer<typeof messageFileSchema>;
