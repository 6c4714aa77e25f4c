import { memberIdSchema, type MemberId } from '@/domain/room';
import { nullWhenRefused } from './refusals';

/**
 * This browser's member in one room: two key pairs whose private halves cannot be exported. It can be stored in IndexedDB as it is.
 */
export interface Identity {
  readonly memberId: MemberId;
  /** ECDSA. */
  readonly sign: CryptoKeyPair;
  /** ECDH. */
  readonly agree: CryptoKeyPair;
}

/** A member's public keys as their card has them: each a point of P-256, 65 bytes from 0x04. */
export interface RawKeys {
  readonly sign: Uint8Array<ArrayBuffer>;
  readonly agree: Uint8Array<ArrayBuffer>;
}

/** The same, ready for use. Importing them takes as long as opening two messages, so keep them for each member. */
export interface PublicKeys {
  readonly sign: CryptoKey;
  readonly agree: CryptoKey;
}

const SIGN = { name: 'ECDSA', namedCurve: 'P-256' };
const AGREE = { name: 'ECDH', namedCurve: 'P-256' };

const RAW_KEY_BYTES = 65;
/** The mark of a point that is written out in full. The compressed forms would give a member a second id. */
const UNCOMPRESSED = 0x04;

/** The curve is y² = x³ − 3x + B over the numbers below P (SEC 2, secp256r1). */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const ID_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 16;

const encoder = new TextEncoder();

/** Makes the keys of a new member, and with them its id. */
export async function makeIdentity(): Promise<Identity> {
  const [sign, agree] = await Promise.all([
    crypto.subtle.generateKey(SIGN, false, ['sign', 'verify']),
    makeAgreePair(),
  ]);
  const [rawSign, rawAgree] = await Promise.all([exportRaw(sign.publicKey), exportRaw(agree.publicKey)]);
  return { memberId: await memberIdOf({ sign: rawSign, agree: rawAgree }), sign, agree };
}

/** Two pairs of this kind agree on a key. The private half cannot be exported. */
export const makeAgreePair = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(AGREE, false, ['deriveBits']);

export const exportRaw = async (publicKey: CryptoKey): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));

/**
 * The member with these keys: the 16 lowest digits to base 62, lowest first, of a SHA-256. 95 bits, so nobody finds other keys for a
 * member's id.
 */
export async function memberIdOf({ sign, agree }: RawKeys): Promise<MemberId> {
  const hash = await crypto.subtle.digest(
    'SHA-256',
    new Uint8Array([...encoder.encode('mayfly/v2/member\n'), ...sign, ...agree]),
  );
  let rest = numberOf(new Uint8Array(hash));
  let id = '';
  while (id.length < ID_LENGTH) {
    id += ID_DIGITS.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return memberIdSchema.parse(id);
}

/** Null for keys that are not points of the curve. */
export async function importPublicKeys({ sign, agree }: RawKeys): Promise<PublicKeys | null> {
  if (!isPoint(sign)) return null;
  const [signKey, agreeKey] = await Promise.all([
    nullWhenRefused(crypto.subtle.importKey('raw', sign, SIGN, true, ['verify'])),
    importAgreeKey(agree),
  ]);
  return signKey && agreeKey && { sign: signKey, agree: agreeKey };
}

/** The same for a key to agree with alone. */
export const importAgreeKey = async (raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> =>
  isPoint(raw) ? nullWhenRefused(crypto.subtle.importKey('raw', raw, AGREE, true, [])) : null;

/**
 * Whether bytes are a point of the curve, in its only spelling here. Web Crypto promises to check on import, but WebKit on Linux does
 * not, and agreeing on keys with points off the curve gives a private key away piece by piece.
 */
function isPoint(raw: Uint8Array): boolean {
  if (raw.length !== RAW_KEY_BYTES || raw[0] !== UNCOMPRESSED) return false;
  const x = numberOf(raw.subarray(1, 33));
  const y = numberOf(raw.subarray(33));
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

/** Big-endian. */
const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
