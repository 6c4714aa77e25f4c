/**
 * Sealing as docs/sealing.md describes it, on Node's own crypto and nothing of ours: the other implementation that the vectors were
 * made by, and that tests open our strings with. Every step takes its random values as arguments, so that it can be repeated, and
 * takes wrong ones as well, so that it can make what a reader has to refuse.
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  verify,
} from 'node:crypto';

/** @typedef {ReturnType<typeof makeMember>} Member */
/** @typedef {ReturnType<typeof deriveEpoch>} Epoch */
/**
 * The places that the additional data names. `roomId` is `-` in a card, `messageId` everywhere but in a content.
 * @typedef {{ roomId: string, memberId: string, messageId: string, field: string }} Place
 */

const CURVE = 'prime256v1';
/** The order of P-256's group. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ID_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;

/** @param {Uint8Array} bytes */
export const toText = (bytes) => Buffer.from(bytes).toString('base64url');
/** @param {string} text */
export const toBytes = (text) => Buffer.from(text, 'base64url');
/** @param {readonly (string | Uint8Array)[]} parts */
export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
/** @param {Uint8Array} bytes */
const toNumber = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
/** @param {bigint} number */
const toBytes32 = (number) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
/** @param {Uint8Array} ikm @param {string} info @param {number} bytes */
const hkdf = (ikm, info, bytes) => Buffer.from(hkdfSync('sha256', ikm, Buffer.alloc(0), `mayfly/v2/${info}`, bytes));

/** @param {string} secret 43 characters @param {number} epoch */
export function deriveEpoch(secret, epoch) {
  const bytes = toBytes(secret);
  const joinProof = toText(hkdf(bytes, 'join', 32));
  return {
    secret,
    epoch,
    messageKey: hkdf(bytes, 'message', 32),
    keyCheck: toText(hkdf(bytes, 'check', 8)),
    phrase: hkdf(bytes, 'phrase', 6),
    joinProof,
    proofHash: toText(sha256(joinProof)),
  };
}

/** A member from the private halves of their keys. @param {Uint8Array} signPrivate @param {Uint8Array} agreePrivate */
export function makeMember(signPrivate, agreePrivate) {
  const sign = publicPoint(signPrivate);
  const agree = publicPoint(agreePrivate);
  return { signPrivate, agreePrivate, sign, agree, memberId: memberIdOf(sign, agree) };
}

/** @param {Uint8Array} privateKey @returns {Buffer} 65 bytes */
function publicPoint(privateKey) {
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(privateKey);
  return ecdh.getPublicKey();
}

/** @param {Uint8Array} sign @param {Uint8Array} agree */
export function memberIdOf(sign, agree) {
  let rest = toNumber(sha256('mayfly/v2/member\n', sign, agree));
  let id = '';
  for (let digit = 0; digit < 16; digit += 1) {
    id += ID_DIGITS.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return id;
}

const PIECE_BYTES = 262_144;

/** Padmé, by bits. @param {number} size */
export function padme(size) {
  if (size < 2) return size;
  const exponent = 31 - Math.clz32(size);
  const lowBits = exponent - (31 - Math.clz32(exponent) + 1);
  const mask = 2 ** Math.max(0, lowBits) - 1;
  return (size + mask) & ~mask;
}

/** @param {string} roomId @param {string} fileId @param {number} index @param {boolean} isLast */
export const pieceDataOf = (roomId, fileId, index, isLast) =>
  `v2\nfile\n${roomId}\n${fileId}\n${index}\n${isLast ? 1 : 0}`;

/** @param {Uint8Array} key @param {string} additionalData @param {Uint8Array} iv @param {Uint8Array} content */
export function sealPiece(key, additionalData, iv, content) {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(additionalData));
  return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/**
 * A whole file as its pieces and the numbers of its card.
 * @param {string} roomId @param {string} fileId @param {Uint8Array} key @param {Uint8Array} content @param {(index: number) => Uint8Array} ivOf
 */
export function sealFile(roomId, fileId, key, content, ivOf) {
  const padded = Buffer.concat([content, Buffer.alloc(padme(content.length) - content.length)]);
  const count = Math.ceil(padded.length / PIECE_BYTES);
  const sealed = Array.from({ length: count }, (_, index) =>
    sealPiece(
      key,
      pieceDataOf(roomId, fileId, index, index === count - 1),
      ivOf(index),
      padded.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ),
  );
  const bytes = sealed.reduce((sum, piece) => sum + piece.length, 0);
  const hash = toText(sha256(...sealed.map((piece) => sha256(piece))));
  return { sealed, card: { fileId, key: toText(key), hash, pieces: count, bytes, size: content.length } };
}

/** @param {string} roomId @param {string} memberId */
export const markOf = (roomId, memberId) => sha256(`mayfly/v2/mark\n${roomId}\n${memberId}`).subarray(0, 6);

/** @param {Uint8Array} point */
const jwkOf = (point) => ({
  kty: 'EC',
  crv: 'P-256',
  x: toText(point.subarray(1, 33)),
  y: toText(point.subarray(33)),
});

/**
 * ECDSA over SHA-256 in IEEE P1363 form, with the nonce of RFC 6979, so that the same text has the same signature. Clients use
 * random nonces; a reader cannot tell.
 * @param {Uint8Array} privateKey @param {Uint8Array} message
 */
export function sign(privateKey, message) {
  const hash = toBytes32(toNumber(sha256(message)) % ORDER);
  const d = toNumber(privateKey);
  const nonce = nonceOf(privateKey, hash);
  const r = toNumber(publicPoint(nonce).subarray(1, 33)) % ORDER;
  const s = (inverse(toNumber(nonce)) * (toNumber(hash) + r * d)) % ORDER;
  return Buffer.concat([toBytes32(r), toBytes32(s)]);
}

/** RFC 6979, section 3.2. @param {Uint8Array} privateKey @param {Uint8Array} hash */
function nonceOf(privateKey, hash) {
  /** @param {Uint8Array} key @param {readonly Uint8Array[]} parts @returns {Buffer} */
  const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
  /** @type {Buffer} */
  let v = Buffer.alloc(32, 1);
  /** @type {Buffer} */
  let k = Buffer.alloc(32, 0);
  for (const step of [0, 1]) {
    k = hmac(k, v, Buffer.from([step]), privateKey, hash);
    v = hmac(k, v);
  }
  for (;;) {
    v = hmac(k, v);
    if (toNumber(v) > 0n && toNumber(v) < ORDER) return v;
    k = hmac(k, v, Buffer.from([0]));
    v = hmac(k, v);
  }
}

/** @param {bigint} number modulo the group's order, by Fermat's little theorem */
function inverse(number) {
  let [base, exponent, result] = [number % ORDER, ORDER - 2n, 1n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

/** @param {Uint8Array} point the signer's 65 bytes @param {Uint8Array} message @param {Uint8Array} signature */
export const isSignedBy = (point, message, signature) =>
  verify(
    'sha256',
    message,
    { key: createPublicKey({ key: jwkOf(point), format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    signature,
  );

/** @param {Epoch} epoch @param {Place} place */
export const additionalDataOf = ({ epoch, keyCheck }, { roomId, memberId, messageId, field }) =>
  `v2\n${roomId}\n${epoch}.${keyCheck}\n${memberId}\n${messageId}\n${field}`;

/** @param {Uint8Array} plain @param {number} bytesMin */
export function pad(plain, bytesMin) {
  let size = bytesMin;
  while (size < plain.length + 1) size *= 2;
  return Buffer.concat([plain, Buffer.from([0x80]), Buffer.alloc(size - plain.length - 1)]);
}

/** @param {Uint8Array} padded */
function unpad(padded) {
  const end = padded.lastIndexOf(0x80);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('wrong padding');
  return padded.subarray(0, end);
}

/** @param {Uint8Array} key @param {string} additionalData @param {Uint8Array} iv @param {Uint8Array} plain */
export function encrypt(key, additionalData, iv, plain) {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(additionalData));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${toText(iv)}.${toText(ciphertext)}`;
}

/** @param {Uint8Array} key @param {string} additionalData @param {string} box */
function decrypt(key, additionalData, box) {
  const [iv = '', sealed = ''] = box.split('.');
  const bytes = toBytes(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, toBytes(iv)).setAAD(Buffer.from(additionalData));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** The plain text before its padding. @param {Uint8Array} signPrivate @param {string} additionalData @param {string | Uint8Array} content */
export function signedPlain(signPrivate, additionalData, content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([sign(signPrivate, Buffer.concat([Buffer.from(`${additionalData}\n`), bytes])), bytes]);
}

/** @param {Epoch} epoch @param {Place} place @param {Uint8Array} iv @param {Uint8Array} padded */
export const sealPadded = (epoch, place, iv, padded) =>
  `v2.${epoch.epoch}.${encrypt(epoch.messageKey, additionalDataOf(epoch, place), iv, padded)}`;

/** @param {Epoch} epoch @param {Place} place @param {Member} author @param {Uint8Array} iv @param {string | Uint8Array} content */
export function seal(epoch, place, author, iv, content) {
  const plain = signedPlain(author.signPrivate, additionalDataOf(epoch, place), content);
  return sealPadded(epoch, place, iv, pad(plain, place.field === 'card' ? 1_024 : 128));
}

/** Throws unless it opens here and the author signed it. @param {Epoch} epoch @param {Place} place @param {Uint8Array} author 65 bytes @param {string} sealed */
export function open(epoch, place, author, sealed) {
  const [version, named, ...box] = sealed.split('.');
  if (version !== 'v2' || named !== String(epoch.epoch)) throw new Error('another epoch');
  const additionalData = additionalDataOf(epoch, place);
  const plain = unpad(decrypt(epoch.messageKey, additionalData, box.join('.')));
  const content = plain.subarray(SIGNATURE_BYTES);
  const signed = Buffer.concat([Buffer.from(`${additionalData}\n`), content]);
  if (!isSignedBy(author, signed, plain.subarray(0, SIGNATURE_BYTES))) throw new Error('a wrong signature');
  return content.toString();
}

/** @param {Member} self @param {Uint8Array} other 65 bytes @param {'wrap' | 'whisper' | 'plain-whisper'} info */
export function sharedKey(self, other, info) {
  const key = { ...jwkOf(self.agree), d: toText(self.agreePrivate) };
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key, format: 'jwk' }),
    publicKey: createPublicKey({ key: jwkOf(other), format: 'jwk' }),
  });
  return hkdf(secret, info, 32);
}

/** @typedef {{ roomId: string, epoch: number, from: string, to: string }} WrapPlace */
/** @param {WrapPlace} place */
const wrapData = ({ roomId, epoch, from, to }) => `v2\nwrap\n${roomId}\n${epoch}\n${from}\n${to}`;

/** @param {WrapPlace} place @param {Member} from @param {Uint8Array} to 65 bytes @param {Uint8Array} iv @param {string} secret */
export const wrap = (place, from, to, iv, secret) =>
  encrypt(sharedKey(from, to, 'wrap'), wrapData(place), iv, toBytes(secret));

/** @param {WrapPlace} place @param {Member} to @param {Uint8Array} from 65 bytes @param {string} wrapped */
export const unwrap = (place, to, from, wrapped) =>
  toText(decrypt(sharedKey(to, from, 'wrap'), wrapData(place), wrapped));

/** @typedef {{ roomId: string, from: string, to: string }} WhisperPlace */
/** @param {WhisperPlace} place */
export const whisperData = ({ roomId, from, to }) => `v2\nwhisper\n${roomId}\n${from}\n${to}`;

/** @param {WhisperPlace} place @param {Member} from @param {Uint8Array} to 65 bytes @param {Uint8Array} iv @param {string} json */
export const whisper = (place, from, to, iv, json) =>
  encrypt(sharedKey(from, to, 'whisper'), whisperData(place), iv, pad(Buffer.from(json), 512));

/** @param {WhisperPlace} place @param {Member} to @param {Uint8Array} from 65 bytes @param {string} whispered */
export const hear = (place, to, from, whispered) =>
  unpad(decrypt(sharedKey(to, from, 'whisper'), whisperData(place), whispered)).toString();

/** @typedef {WhisperPlace & { asked: string, answered: string }} PlainWhisperPlace The keys of an exchange, as they were spelled. */
/** @param {PlainWhisperPlace} place */
const plainWhisperData = ({ roomId, from, to, asked, answered }) =>
  `v2\nplain-whisper\n${roomId}\n${from}\n${to}\n${asked}\n${answered}`;

/** `from` has the agree key that was made for the exchange. @param {PlainWhisperPlace} place @param {Member} from @param {Uint8Array} to 65 bytes @param {Uint8Array} iv @param {string} json */
export const plainWhisper = (place, from, to, iv, json) =>
  encrypt(sharedKey(from, to, 'plain-whisper'), plainWhisperData(place), iv, pad(Buffer.from(json), 512));

/** @param {PlainWhisperPlace} place @param {Member} to @param {Uint8Array} from 65 bytes @param {string} whispered */
export const hearPlain = (place, to, from, whispered) =>
  unpad(decrypt(sharedKey(to, from, 'plain-whisper'), plainWhisperData(place), whispered)).toString();
