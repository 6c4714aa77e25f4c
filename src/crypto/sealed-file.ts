import type { FileId } from '@/domain/file';
import { planSealed } from '@/domain/file-card';
import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import type { RoomId } from '@/domain/room';
import { fromBase64url, toBase64url } from './base64url';
import { cipher, IV_BYTES, random } from './box';
import { nullWhenRefused } from './refusals';

/** Where a piece belongs. It is authenticated with it, so nobody can move it, cut the file behind it, or put it into another file. */
export interface PiecePlace {
  readonly roomId: RoomId;
  readonly fileId: FileId;
  readonly index: number;
  readonly isLast: boolean;
}

const KEY_BYTES = 32;

/** 43 characters, fresh for each file: its card carries them, and nothing else is sealed with them. */
export const makeFileKey = (): string => toBase64url(random(KEY_BYTES));

export const makePieceIv = (): Uint8Array<ArrayBuffer> => random(IV_BYTES);

export const importFileKey = (key: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', fromBase64url(key), 'AES-GCM', false, ['encrypt', 'decrypt']);

/**
 * Seals one piece as `iv ‖ ciphertext`. The same vector is given again for the same content only: a piece whose answer was lost is
 * sealed to the very same bytes.
 */
export async function sealPiece(
  key: CryptoKey,
  place: PiecePlace,
  iv: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const ciphertext = await crypto.subtle.encrypt(cipher(iv, additionalDataOf(place)), key, content);
  const sealed = new Uint8Array(IV_BYTES + ciphertext.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(ciphertext), IV_BYTES);
  return sealed;
}

/** The content of a piece; null when it was not sealed with this key for this place. */
export async function openPiece(
  key: CryptoKey,
  place: PiecePlace,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length <= FILE_PIECE_SEAL_BYTES || sealed.length > FILE_PIECE_BYTES + FILE_PIECE_SEAL_BYTES) return null;
  const iv = sealed.slice(0, IV_BYTES);
  const content = await nullWhenRefused(
    crypto.subtle.decrypt(cipher(iv, additionalDataOf(place)), key, sealed.subarray(IV_BYTES)),
  );
  return content && new Uint8Array(content);
}

/** How many bytes of content a piece has, padding included, and how many of them are the file's own. */
export function pieceSizes(size: number, index: number): { readonly padded: number; readonly own: number } {
  const { bytes, pieces } = planSealed(size);
  const padded = Math.min(FILE_PIECE_BYTES, bytes - pieces * FILE_PIECE_SEAL_BYTES - index * FILE_PIECE_BYTES);
  return { padded, own: Math.max(0, Math.min(padded, size - index * FILE_PIECE_BYTES)) };
}

export const digestOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** base64url(SHA-256 of the SHA-256s, in order): of sealed pieces it is the file's `hash`. */
export async function hashOfAll(digests: readonly Uint8Array[]): Promise<string> {
  const all = new Uint8Array(digests.reduce((bytes, digest) => bytes + digest.length, 0));
  let at = 0;
  for (const digest of digests) {
    all.set(digest, at);
    at += digest.length;
  }
  return toBase64url(await digestOf(all));
}

const additionalDataOf = ({ roomId, fileId, index, isLast }: PiecePlace): string =>
  ['v2', 'file', roomId, fileId, index, isLast ? 1 : 0].join('\n');
