import { deriveAesKey, importRoot } from './derivation';

/** The x coordinate of a point of P-256. */
const AGREED_BITS = 256;

/** The key that two pairs have in common, for one use: `info` keeps the uses apart. */
export async function agreeOnKey(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  info: 'wrap' | 'whisper' | 'plain-whisper',
): Promise<CryptoKey> {
  const agreed = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, AGREED_BITS);
  return deriveAesKey(await importRoot(new Uint8Array(agreed)), info);
}
