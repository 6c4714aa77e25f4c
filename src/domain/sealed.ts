import * as z from 'zod/mini';
import { CARD_CHARACTERS_MAX, EPOCHS_MAX, PREVIOUS_CHARACTERS_MAX, SEALED_CHARACTERS_MAX } from './limits';

/** How often the room's secret was replaced: the room is made in epoch 0. */
export const epochSchema = z.int().check(z.minimum(0), z.maximum(EPOCHS_MAX));

/**
 * `v2.<epoch>.<iv>.<ciphertext>`: the epoch in decimal, 12 and more bytes in base64url. A string may name an epoch that no room
 * reaches: it is refused as one of another epoch.
 */
const SEALED = /^v2\.(0|[1-9]\d{0,2})\.([\w-]{16}\.[\w-]+)$/;

const sealedString = (charactersMax: number) =>
  z
    .string()
    .check(
      z.maxLength(charactersMax, 'is longer than such a sealed string may be'),
      z.regex(SEALED, 'is not a sealed string'),
    );

/** Something that only members can open. The format is described in docs/sealing.md. */
export const sealedSchema = sealedString(SEALED_CHARACTERS_MAX).brand<'Sealed'>();
export type Sealed = z.infer<typeof sealedSchema>;

/** A member's sealed card, and the sealed record of the epoch before: sealed strings with tighter limits. */
export const sealedCardSchema = sealedString(CARD_CHARACTERS_MAX).brand<'Sealed'>();
export const sealedPreviousSchema = sealedString(PREVIOUS_CHARACTERS_MAX).brand<'Sealed'>();

/** The epoch that a sealed string names, and its `<iv>.<ciphertext>`; null for anything else. */
export function sealedParts(sealed: string): { epoch: number; box: string } | null {
  const [, epoch, box] = (sealed.length <= SEALED_CHARACTERS_MAX && SEALED.exec(sealed)) || [];
  return epoch === undefined || box === undefined ? null : { epoch: Number(epoch), box };
}

/** The epoch under whose secret something was sealed. */
export const epochOf = (sealed: Sealed): number => Number(sealed.split('.', 2)[1]);

/** A room's secret, wrapped for one member: `<iv>.<ciphertext>` of 12 and 48 bytes. */
export const wrapSchema = z
  .string()
  .check(z.regex(/^[\w-]{16}\.[\w-]{64}$/, 'is not a wrap'))
  .brand<'Wrap'>();
export type Wrap = z.infer<typeof wrapSchema>;

/** Eight bytes derived from the room's secret (11 base64url characters), which show a wrong key at the door. */
export const keyCheckSchema = z
  .string()
  .check(z.regex(/^[\w-]{11}$/, 'is not 11 base64url characters'))
  .brand<'KeyCheck'>();
export type KeyCheck = z.infer<typeof keyCheckSchema>;

/** 32 bytes in base64url. */
const bytes32Schema = z.string().check(z.regex(/^[\w-]{43}$/, 'is not 43 base64url characters'));

/** Derived from the room's secret; a newcomer shows it for a seat. */
export const joinProofSchema = bytes32Schema.brand<'JoinProof'>();
export type JoinProof = z.infer<typeof joinProofSchema>;

/** The SHA-256 of a proof's 43 characters: all that the server keeps of it. */
export const proofHashSchema = bytes32Schema.brand<'ProofHash'>();
export type ProofHash = z.infer<typeof proofHashSchema>;
