import * as z from 'zod/mini';
import { CARD_CHARACTERS_MAX, EPOCHS_MAX, PREVIOUS_CHARACTERS_MAX, SEALED_CHARACTERS_MAX } from './limits';

/** How often the room's secret was replaced: the room is made in epoch 0. */
export const epochSchema = z.int().check(z.minimum(0), z.maximum(EPOCHS_MAX));

/** A string may name an epoch that no room reaches: it is refused as one of another epoch. */
const sealedString = (charactersMax: number) =>
  z
    .string()
    .check(
      z.maxLength(charactersMax, 'is longer than such a sealed string may be'),
      z.regex(/^v2\.(?:0|[1-9]\d{0,2})\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+$/, 'is not a sealed string'),
    );

/**
 * A content that only members can open: `v2.<epoch>.<iv>.<ciphertext>`, the last two in base64url, where the
 * initialization vector has 12 bytes (16 characters). The format is described in docs/sealing.md.
 */
export const sealedSchema = sealedString(SEALED_CHARACTERS_MAX).brand<'Sealed'>();
export type Sealed = z.infer<typeof sealedSchema>;

/** A member's card, their name and public keys, sealed. */
export const cardSchema = sealedString(CARD_CHARACTERS_MAX).brand<'Card'>();
export type Card = z.infer<typeof cardSchema>;

/** The secret of the epoch before, sealed under the new one. */
export const previousSchema = sealedString(PREVIOUS_CHARACTERS_MAX).brand<'Previous'>();
export type Previous = z.infer<typeof previousSchema>;

/** The epoch that a sealed string names as its own. */
export const epochOf = (sealed: Sealed | Card | Previous): number => Number(sealed.split('.', 2)[1]);

/** A new secret for one member: `<iv>.<ciphertext>`, 12 and 48 bytes. */
export const wrapSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{64}$/, 'is not a wrap'))
  .brand<'Wrap'>();
export type Wrap = z.infer<typeof wrapSchema>;

/** Eight bytes derived from the room's secret (11 base64url characters), which show a wrong key at the door. */
export const keyCheckSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{11}$/, 'is not 11 base64url characters'))
  .brand<'KeyCheck'>();
export type KeyCheck = z.infer<typeof keyCheckSchema>;

const bytes32Schema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/, 'is not 43 base64url characters'));

/** 32 bytes derived from the room's secret, without which nobody takes a seat of a sealed room. */
export const proofSchema = bytes32Schema.brand<'Proof'>();
export type Proof = z.infer<typeof proofSchema>;

/** The SHA-256 of the proof's 43 characters, by which the server knows the proof. */
export const proofHashSchema = bytes32Schema.brand<'ProofHash'>();
export type ProofHash = z.infer<typeof proofHashSchema>;
