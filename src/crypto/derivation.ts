const encoder = new TextEncoder();

/**
 * HKDF-SHA-256 (RFC 5869) with an empty salt: what goes in is random already, or agreed by key pairs that serve one room.
 * `info` keeps the values apart.
 */
const hkdf = (info: string): HkdfParams => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: new Uint8Array(),
  info: encoder.encode(`mayfly/v2/${info}`),
});

export const importRoot = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey', 'deriveBits']);

export const deriveAesKey = (root: CryptoKey, info: string): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(hkdf(info), root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

export const deriveBytes = async (root: CryptoKey, info: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), root, bytes * 8));

export const sha256 = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
