import * as z from 'zod/mini';
import { SEALED_CHARACTERS_MAX } from './limits';

/**
 * A text that only members can open: `v1.<iv>.<ciphertext>` in base64url, where the initialization
 * vector has 12 bytes (16 characters). The format is described in docs/sealing.md.
 */
export const sealedSchema = z
  .string()
  .check(
    z.maxLength(SEALED_CHARACTERS_MAX, 'is longer than a sealed string may be'),
    z.regex(/^v1\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+$/, 'is not a sealed string'),
  )
  .brand<'Sealed'>();
export type Sealed = z.infer<typeof sealedSchema>;

/** Eight bytes derived from the room's key (11 base64url characters), which show a wrong key at the door. */
export const keyCheckSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{11}$/, 'is not 11 base64url characters'))
  .brand<'KeyCheck'>();
export type KeyCheck = z.infer<typeof keyCheckSchema>;
