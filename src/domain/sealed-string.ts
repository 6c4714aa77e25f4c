import * as z from 'zod/mini';
import { CARD_CHARACTERS_MAX, PREVIOUS_CHARACTERS_MAX, SEALED_STRING_CHARACTERS_MAX } from './limits';

/**
 * `v2.<epoch>.<iv>.<ciphertext>`: the epoch in decimal (a room has at most 100), 12 and more bytes in base64url. Only
 * members can open it: docs/sealing.md.
 */
const SEALED_STRING = /^v2\.(0|[1-9]\d{0,2})\.([\w-]{16}\.[\w-]+)$/;

const sealedString = (charactersMax: number) =>
  z.string().check(z.maxLength(charactersMax, 'is longer than it may be'), z.regex(SEALED_STRING, 'is not sealed'));

export const sealedStringSchema = sealedString(SEALED_STRING_CHARACTERS_MAX).brand<'SealedString'>();
export type SealedString = z.infer<typeof sealedStringSchema>;

/** A member's sealed card, and the sealed record of the epoch before: sealed strings with tighter limits. */
export const sealedCardSchema = sealedString(CARD_CHARACTERS_MAX).brand<'SealedString'>();
export const sealedPreviousSchema = sealedString(PREVIOUS_CHARACTERS_MAX).brand<'SealedString'>();

/** The epoch that a sealed string names, and its `<iv>.<ciphertext>`; null for anything else. */
export function sealedParts(sealed: string): { epoch: number; box: string } | null {
  const [, epoch, box] = (sealed.length <= SEALED_STRING_CHARACTERS_MAX && SEALED_STRING.exec(sealed)) || [];
  return epoch === undefined || box === undefined ? null : { epoch: Number(epoch), box };
}

/** A room's secret, wrapped for one member: `<iv>.<ciphertext>` of 12 and 48 bytes. */
export const wrapSchema = z
  .string()
  .check(z.regex(/^[\w-]{16}\.[\w-]{64}$/, 'is not a wrap'))
  .brand<'Wrap'>();
export type Wrap = z.infer<typeof wrapSchema>;

/** 32 bytes in base64url, whose last character holds four bits. */
const BYTES_32 = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

/** Derived from the room's secret; a newcomer shows it for a seat. */
export const joinProofSchema = z.string().check(z.regex(BYTES_32, 'is not a proof')).brand<'JoinProof'>();
export type JoinProof = z.infer<typeof joinProofSchema>;

/** The SHA-256 of a proof's 43 characters: all that the server keeps of it. */
export const proofHashSchema = z.string().check(z.regex(BYTES_32, 'is not the hash of a proof')).brand<'ProofHash'>();
export type ProofHash = z.infer<typeof proofHashSchema>;
