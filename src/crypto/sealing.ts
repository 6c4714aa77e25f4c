import type { MemberId, RoomId } from '@/domain/room';
import { keyCheckSchema, sealedSchema, type KeyCheck, type Sealed } from '@/domain/sealed';
import { fromBase64url, toBase64url } from './base64url';
import type { RoomSecret } from './fragment';

/** Where a text belongs. It is authenticated with the text, so nobody can move the text to another place. */
export interface SealedPlace {
  roomId: RoomId;
  memberId: MemberId;
  /** A message's id; `-` for a text that belongs to a member and to no message. */
  messageId: string;
  field: 'sender' | 'text' | 'name';
}

/** Derived from a room's secret. The secret cannot be recovered from it: the key is not extractable. */
export interface RoomKeys {
  readonly messageKey: CryptoKey;
  /** Given to the server, which gives it to guests: it shows a wrong key at the door. */
  readonly keyCheck: KeyCheck;
  /** The safety phrase, six bytes: the same for everybody who holds the key. `phraseOf` gives its words. */
  readonly phraseBytes: Uint8Array;
}

/** 96 bits, the size that AES-GCM is made for. */
const IV_BYTES = 12;
/** AES-GCM's full tag, which Web Crypto puts after the ciphertext. */
const TAG_BYTES = 16;
/** The smallest and the largest padded text. The length of a sealed text only reveals the power of two. */
const PADDED_BYTES_MIN = 64;
const PADDED_BYTES_MAX = 4_096;
/** The byte that ends the text; only zeros follow it, so the last one is the mark (ISO/IEC 7816-4). */
const END_OF_TEXT = 0x80;

const KEY_CHECK_BITS = 64;
/** Six words of eight bits: enough that nobody finds another key with the same phrase while two people talk. */
const PHRASE_BITS = 48;

const encoder = new TextEncoder();
/** Fatal: bytes that are not UTF-8 are not a text. A byte order mark at the start belongs to the text. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether this page can seal at all: browsers offer Web Crypto to https and localhost only. */
export function canSeal(): boolean {
  // The types promise `subtle` everywhere, but insecure contexts lack it.
  return typeof crypto !== 'undefined' && 'subtle' in crypto;
}

/** HKDF-SHA-256 (RFC 5869) with an empty salt: the secret is random already and belongs to one room. */
export async function deriveRoomKeys(secret: RoomSecret): Promise<RoomKeys> {
  const root = await crypto.subtle.importKey('raw', fromBase64url(secret), 'HKDF', false, ['deriveKey', 'deriveBits']);
  const derivation = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`mayfly/v1/${info}`),
  });
  const [messageKey, check, phrase] = await Promise.all([
    crypto.subtle.deriveKey(derivation('message'), root, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveBits(derivation('check'), root, KEY_CHECK_BITS),
    crypto.subtle.deriveBits(derivation('phrase'), root, PHRASE_BITS),
  ]);
  return {
    messageKey,
    keyCheck: keyCheckSchema.parse(toBase64url(new Uint8Array(check))),
    phraseBytes: new Uint8Array(phrase),
  };
}

/**
 * Seals a text for one place, with a fresh initialization vector. Throws a RangeError when the text and
 * its end mark take more than 4,096 bytes, which 1,000 characters never do, and a TypeError when it is
 * not well-formed Unicode and would open as another text.
 */
export async function seal(keys: RoomKeys, place: SealedPlace, text: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const ciphertext = await crypto.subtle.encrypt(cipher(iv, place), keys.messageKey, pad(text));
  return sealedSchema.parse(`v1.${toBase64url(iv)}.${toBase64url(new Uint8Array(ciphertext))}`);
}

/** Returns the text that was sealed for exactly this place with this key; null for anything else, for whatever reason. */
export async function unseal(keys: RoomKeys, place: SealedPlace, sealed: string): Promise<string | null> {
  if (!sealedSchema.safeParse(sealed).success) return null;
  const [, iv = '', ciphertext = ''] = sealed.split('.');
  try {
    const plain = await crypto.subtle.decrypt(
      cipher(fromBase64url(iv), place),
      keys.messageKey,
      fromBase64url(ciphertext),
    );
    return unpad(new Uint8Array(plain));
  } catch {
    return null;
  }
}

function cipher(iv: Uint8Array<ArrayBuffer>, place: SealedPlace): AesGcmParams {
  const { roomId, memberId, messageId, field } = place;
  const additionalData = encoder.encode(['v1', roomId, memberId, messageId, field].join('\n'));
  return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BYTES * 8 };
}

function pad(text: string): Uint8Array<ArrayBuffer> {
  const bytes = encoder.encode(text);
  if (decoder.decode(bytes) !== text) throw new TypeError('not well-formed Unicode');
  let size = PADDED_BYTES_MIN;
  while (size < bytes.length + 1) size *= 2;
  if (size > PADDED_BYTES_MAX) throw new RangeError(`longer than ${PADDED_BYTES_MAX - 1} bytes`);
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = END_OF_TEXT;
  return padded;
}

/** Null for padding that the format does not allow. */
function unpad(padded: Uint8Array): string | null {
  const end = padded.lastIndexOf(END_OF_TEXT);
  const isPadding = end >= 0 && padded.subarray(end + 1).every((byte) => byte === 0);
  return isPadding && isPaddedSize(padded.length) ? decoder.decode(padded.subarray(0, end)) : null;
}

function isPaddedSize(size: number): boolean {
  return size >= PADDED_BYTES_MIN && size <= PADDED_BYTES_MAX && Number.isInteger(Math.log2(size));
}
