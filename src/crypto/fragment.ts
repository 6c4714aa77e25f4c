import type { RoomId } from '@/domain/room';
import * as z from 'zod/mini';
import { toBase64url } from './base64url';

/** 256 bits: what AES-256 takes, and beyond guessing. */
const SECRET_BYTES = 32;

/**
 * The room's key as the link carries it. The last of its 43 characters holds four bits, so it is one of
 * sixteen letters and digits: never `-` or `_`, which chat apps cut off the end of a link.
 */
export const secretSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/))
  .brand<'RoomSecret'>();
export type RoomSecret = z.infer<typeof secretSchema>;

/** Makes a new secret. It goes into the link's fragment, and sealed to the room's members, but nowhere else. */
export function makeSecret(): RoomSecret {
  return secretOf(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** A secret from its 32 bytes. Throws for any other number of them. */
export const secretOf = (bytes: Uint8Array): RoomSecret => secretSchema.parse(toBase64url(bytes));

/** Reads a fragment (`location.hash`, with or without its `#`): a secret, nothing, or something that cannot be a secret. */
export function readFragment(hash: string): RoomSecret | 'missing' | 'malformed' {
  const fragment = hash.replace(/^#/, '');
  if (fragment === '') return 'missing';
  const secret = secretSchema.safeParse(fragment);
  return secret.success ? secret.data : 'malformed';
}

/** The path of a room with its key, `/room/<roomId>#<key>`. */
export function roomPath(roomId: RoomId, secret: RoomSecret): string {
  return `/room/${roomId}#${secret}`;
}
