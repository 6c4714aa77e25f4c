import { fromBase64url, toBase64url } from './base64url';
import { nullWhenRefused } from './refusals';

/** 96 bits, the size that AES-GCM is made for. */
export const IV_BYTES = 12;
/** AES-GCM's full tag, which Web Crypto puts after the ciphertext. */
export const TAG_BYTES = 16;

/** `<iv>.<ciphertext>` as bytes. */
export interface Box {
  readonly iv: Uint8Array<ArrayBuffer>;
  /** With the tag. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
export const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const spell = ({ iv, ciphertext }: Box): string => `${toBase64url(iv)}.${toBase64url(ciphertext)}`;

export const cipher = (iv: Uint8Array<ArrayBuffer>, additionalData: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: encoder.encode(additionalData),
  tagLength: TAG_BYTES * 8,
});

/** Encrypts with AES-256-GCM and a fresh initialization vector. */
export async function encrypt(key: CryptoKey, additionalData: string, plain: Uint8Array<ArrayBuffer>): Promise<string> {
  const iv = random(IV_BYTES);
  return spell({ iv, ciphertext: new Uint8Array(await crypto.subtle.encrypt(cipher(iv, additionalData), key, plain)) });
}

/** Random bytes that only somebody with the key can tell from an encrypted plain text of that size. */
export const randomBox = (plainBytes: number): string =>
  spell({ iv: random(IV_BYTES), ciphertext: random(plainBytes + TAG_BYTES) });

/** Reads a box of at least a tag; null unless both parts are spelled in the one way that base64url has for their bytes. */
export function readBox(text: string): Box | null {
  const [iv = '', ciphertext = '', ...more] = text.split('.');
  try {
    const box = { iv: fromBase64url(iv), ciphertext: fromBase64url(ciphertext) };
    return more.length === 0 && box.iv.length === IV_BYTES && box.ciphertext.length >= TAG_BYTES ? box : null;
  } catch {
    return null;
  }
}

/** The plain text; null when the box was not encrypted with this key and this additional data. */
export async function decrypt(
  key: CryptoKey,
  additionalData: string,
  { iv, ciphertext }: Box,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const plain = await nullWhenRefused(crypto.subtle.decrypt(cipher(iv, additionalData), key, ciphertext));
  return plain && new Uint8Array(plain);
}
