/**
 * A client of sealed rooms for other teams to read, written from docs/sealing.md and `GET /api/openapi/json` alone: nothing
 * of ours is imported. The first half seals and opens, the second half (`SealedRoom`) talks to the server. It keeps a room
 * in memory, follows the event stream, and refuses whatever docs/sealing.md says that a reader must refuse.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

/** @typedef {import('node:crypto').KeyObject} KeyObject */
/** @typedef {'malformed' | 'of an unknown epoch' | 'not opened' | 'not verified' | 'not a card' | 'not followed' | 'of an earlier epoch'} Finding */
/** @typedef {{ epoch: number, secret: Buffer, messageKey: Buffer, keyCheck: string, proof: string, proofHash: string }} Epoch */
/** @typedef {Map<number, Epoch>} Epochs Those whose secret is known, by their number. */
/** @typedef {{ roomId: string, memberId: string, messageId: string, field: 'content' | 'card' | 'previous' }} Place */
/** @typedef {{ data: Buffer, signature: Buffer, content: Buffer }} Opened Decrypted, and not verified yet. */
/** @typedef {{ memberId: string, sign: KeyObject, agree: KeyObject, signPublic: string, agreePublic: string }} OwnKeys */
/** @typedef {{ memberId: string, epoch: number, name: string | null, sign: KeyObject, agree: KeyObject }} Card */
/** @typedef {{ id: string, by: string }} Target A message. */
/** @typedef {{ kind: 'text', text: string, re?: Target, mentions?: string[] }} TextContent */
/** @typedef {{ kind: 'reaction', emoji: string, on: Target }} ReactionContent */
/** @typedef {{ kind: 'edit', id: string, n: number, text: string, mentions?: string[] }} EditContent */
/** @typedef {{ kind: 'room', roomId: string, secret: string, text?: string }} RoomContent */
/** @typedef {TextContent | ReactionContent | EditContent | RoomContent} Content */
/** @typedef {{ secret: Buffer, members: string[], removed: string[] }} Previous */

/** Something that a reader must not take. `found` is the word of docs/sealing.md for it. */
export class Refused extends Error {
  /** @param {Finding} found @param {string} [detail] */
  constructor(found, detail) {
    super(detail === undefined ? found : `${found}: ${detail}`);
    this.found = found;
  }
}

const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
const PLAIN_SIZES = [128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
const CARD_SIZE = 1024;
const SEALED_MAX_CHARS = { content: 45_056, card: 1_500, previous: 8_192 };
const END_MARK = 0x80;

/** @param {Uint8Array} bytes */
const toBase64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** Node reads many spellings of the same bytes. Only one of them is accepted. @param {string} text */
function fromBase64url(text) {
  const bytes = Buffer.from(text, 'base64url');
  if (toBase64url(bytes) !== text) throw new Refused('malformed', 'base64url');
  return bytes;
}

/** @param {readonly unknown[]} parts */
const lines = (...parts) => Buffer.from(parts.join('\n'));

/** @param {string | Uint8Array} data */
const sha256 = (data) => createHash('sha256').update(data).digest();

/** @param {Buffer} key @param {string} info @param {number} length */
const derive = (key, info, length) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, length));

/** @param {number} epoch @param {Buffer} secret @returns {Epoch} */
export function deriveEpoch(epoch, secret) {
  const proof = toBase64url(derive(secret, 'mayfly/v2/join', 32));
  return {
    epoch,
    secret,
    messageKey: derive(secret, 'mayfly/v2/message', 32),
    keyCheck: toBase64url(derive(secret, 'mayfly/v2/check', 8)),
    proof,
    proofHash: toBase64url(sha256(proof)),
  };
}

/** @param {Buffer} key @param {Buffer} plain @param {Buffer} data @returns {string} `<iv>.<ciphertext>` */
function encrypt(key, plain, data) {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(data);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${toBase64url(iv)}.${toBase64url(ciphertext)}`;
}

/** @param {Buffer} key @param {Buffer} iv @param {Buffer} ciphertext @param {Buffer} data */
function decrypt(key, iv, ciphertext, data) {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(data);
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new Refused('not opened');
  }
}

const FIELD_PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const CURVE_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Agreeing on a key with a point off the curve would give the private key away, so nothing is left to the library. @param {Buffer} bytes */
export function readPublicKey(bytes) {
  if (bytes.length !== 65 || bytes[0] !== 4) throw new Refused('malformed', 'public key');
  const [xBytes, yBytes] = [bytes.subarray(1, 33), bytes.subarray(33)];
  const [x, y] = [BigInt(`0x${xBytes.toString('hex')}`), BigInt(`0x${yBytes.toString('hex')}`)];
  const isOnCurve = x < FIELD_PRIME && y < FIELD_PRIME && (y * y - x * x * x + 3n * x - CURVE_B) % FIELD_PRIME === 0n;
  if (!isOnCurve) throw new Refused('malformed', 'public key');
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64url(xBytes), y: toBase64url(yBytes) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** @param {KeyObject} key @returns {Buffer} `0x04 ‖ x ‖ y` */
function publicBytes(key) {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), fromBase64url(x), fromBase64url(y)]);
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** @param {Buffer} signBytes @param {Buffer} agreeBytes */
export function memberIdOf(signBytes, agreeBytes) {
  const hash = sha256(Buffer.concat([Buffer.from('mayfly/v2/member\n'), signBytes, agreeBytes]));
  let rest = BigInt(`0x${hash.toString('hex')}`);
  let memberId = '';
  while (memberId.length < 16) {
    memberId += DIGITS.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return memberId;
}

/** @param {KeyObject} signKey @param {KeyObject} agreeKey both private @returns {OwnKeys} */
export function ownKeys(signKey, agreeKey) {
  const [signBytes, agreeBytes] = [publicBytes(signKey), publicBytes(agreeKey)];
  return {
    memberId: memberIdOf(signBytes, agreeBytes),
    sign: signKey,
    agree: agreeKey,
    signPublic: toBase64url(signBytes),
    agreePublic: toBase64url(agreeBytes),
  };
}

export const makeKeys = () =>
  ownKeys(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  );

/** @param {Epoch} under @param {Place} place */
const additionalData = ({ epoch, keyCheck }, { roomId, memberId, messageId, field }) =>
  lines('v2', roomId, `${epoch}.${keyCheck}`, memberId, messageId, field);

/** @param {Opened} opened */
const signedBytes = ({ data, content }) => Buffer.concat([data, Buffer.from('\n'), content]);

/** @param {Epoch} under @param {OwnKeys} keys @param {Omit<Place, 'memberId'>} where @param {object} value */
export function seal(under, keys, where, value) {
  const data = additionalData(under, { ...where, memberId: keys.memberId });
  const content = Buffer.from(JSON.stringify(value));
  const signature = sign('sha256', signedBytes({ data, content, signature: Buffer.alloc(0) }), {
    key: keys.sign,
    dsaEncoding: 'ieee-p1363',
  });
  const used = Buffer.concat([signature, content, Buffer.from([END_MARK])]);
  const size = where.field === 'card' ? CARD_SIZE : PLAIN_SIZES.find((step) => step >= used.length);
  if (size === undefined || used.length > size) throw new RangeError('This is too long to be sealed');
  const plain = Buffer.concat([used, Buffer.alloc(size - used.length)]);
  return `v2.${under.epoch}.${encrypt(under.messageKey, plain, data)}`;
}

const SEALED = /^v2\.(0|[1-9]\d?|100)\.([\w-]{16})\.([\w-]+)$/;

/** The epoch for which a string says that it is sealed. @param {string} sealed */
const epochOf = (sealed) => Number(SEALED.exec(sealed)?.[1] ?? NaN);

/** @param {Epochs} epochs @param {Place} place @param {string} sealed @returns {Opened} */
export function open(epochs, place, sealed) {
  const [, epoch, iv, ciphertext] = SEALED.exec(sealed) ?? [];
  if (epoch === undefined || iv === undefined || ciphertext === undefined) throw new Refused('malformed');
  if (sealed.length > SEALED_MAX_CHARS[place.field]) throw new Refused('malformed', 'length');
  const [ivBytes, bytes] = [fromBase64url(iv), fromBase64url(ciphertext)];
  const size = bytes.length - TAG_BYTES;
  if (!(place.field === 'card' ? [CARD_SIZE] : PLAIN_SIZES).includes(size)) throw new Refused('malformed', 'size');
  const under = epochs.get(Number(epoch));
  if (under === undefined) throw new Refused('of an unknown epoch');
  const data = additionalData(under, place);
  const plain = decrypt(under.messageKey, ivBytes, bytes, data);
  let mark = plain.length - 1;
  while (mark > 0 && plain[mark] === 0) mark -= 1;
  if (plain[mark] !== END_MARK || mark < SIGNATURE_BYTES) throw new Refused('malformed', 'end');
  return { data, signature: plain.subarray(0, SIGNATURE_BYTES), content: plain.subarray(SIGNATURE_BYTES, mark) };
}

/** @param {Opened} opened @param {KeyObject} key the author's */
function verifyOpened(opened, key) {
  const signer = { key, dsaEncoding: /** @type {const} */ ('ieee-p1363') };
  if (!verify('sha256', signedBytes(opened), signer, opened.signature)) throw new Refused('not verified');
}

/** @param {Buffer} bytes @returns {Record<string, unknown>} */
function readJson(bytes) {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // It is malformed, as is anything that is not an object.
  }
  throw new Refused('malformed', 'content');
}

/** @param {unknown} text @param {number} maxCodePoints @returns {text is string} */
const isText = (text, maxCodePoints) =>
  typeof text === 'string' && text.trim() !== '' && !/\p{Cs}/u.test(text) && [...text].length <= maxCodePoints;

/** Control, direction-changing and other invisible characters; joiners within an emoji pass. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const NAME_MAX_CODE_POINTS = 100;

/** @param {Epoch} under @param {OwnKeys} keys @param {string} name */
const makeCard = (under, keys, name) =>
  seal(
    under,
    keys,
    { roomId: '-', messageId: '-', field: 'card' },
    { name, sign: keys.signPublic, agree: keys.agreePublic },
  );

/** A card shows the keys by which it is verified, so that it is read first. @param {Epochs} epochs @param {string} memberId @param {string} sealed @returns {Card} */
export function openCard(epochs, memberId, sealed) {
  const opened = open(epochs, { roomId: '-', memberId, messageId: '-', field: 'card' }, sealed);
  const { name, sign: signText, agree: agreeText } = readJson(opened.content);
  if (typeof name !== 'string' || typeof signText !== 'string' || typeof agreeText !== 'string')
    throw new Refused('malformed', 'card');
  const [signBytes, agreeBytes] = [fromBase64url(signText), fromBase64url(agreeText)];
  const [signKey, agreeKey] = [readPublicKey(signBytes), readPublicKey(agreeBytes)];
  if (memberIdOf(signBytes, agreeBytes) !== memberId) throw new Refused('not a card');
  verifyOpened(opened, signKey);
  const isShown = isText(name, NAME_MAX_CODE_POINTS) && !HIDDEN.test(name);
  return { memberId, epoch: epochOf(sealed), name: isShown ? name : null, sign: signKey, agree: agreeKey };
}

/** @param {KeyObject} own private @param {KeyObject} other public @param {'wrap' | 'whisper'} use */
const sharedKey = (own, other, use) =>
  derive(diffieHellman({ privateKey: own, publicKey: other }), `mayfly/v2/${use}`, 32);

/** @typedef {{ roomId: string, epoch: number, from: string, to: string }} WrapPlace */
/** @param {WrapPlace} place */
const wrapData = ({ roomId, epoch, from, to }) => lines('v2', 'wrap', roomId, epoch, from, to);

/** @param {KeyObject} own private @param {KeyObject} other public @param {WrapPlace} place @param {Buffer} secret */
export const makeWrap = (own, other, place, secret) => encrypt(sharedKey(own, other, 'wrap'), secret, wrapData(place));

/** The same form, and nothing inside. */
const makeDummyWrap = () => `${toBase64url(randomBytes(12))}.${toBase64url(randomBytes(48))}`;

/** @param {KeyObject} own private @param {KeyObject} other public @param {WrapPlace} place @param {string} wrap */
export function openWrap(own, other, place, wrap) {
  const [, iv, ciphertext] = /^([\w-]{16})\.([\w-]{64})$/.exec(wrap) ?? [];
  if (iv === undefined || ciphertext === undefined) throw new Refused('malformed', 'wrap');
  return decrypt(sharedKey(own, other, 'wrap'), fromBase64url(iv), fromBase64url(ciphertext), wrapData(place));
}

/** @typedef {{ roomId: string, from: string, to: string }} WhisperPlace */
/** @typedef {{ id: string, kind: 'room', roomId: string, secret: string } | { id: string, kind: 'answer', re: string, answer: 'opened' | 'declined' } | { id: string, kind: 'withdrawn', re: string }} Whisper */
/** @param {WhisperPlace} place */
const whisperData = ({ roomId, from, to }) => lines('v2', 'whisper', roomId, from, to);
const WHISPER_SIZE = 512;

/** @param {KeyObject} own private @param {KeyObject} other public @param {WhisperPlace} place @param {Whisper} value */
export function makeWhisper(own, other, place, value) {
  const used = Buffer.concat([Buffer.from(JSON.stringify(value)), Buffer.from([END_MARK])]);
  const plain = Buffer.concat([used, Buffer.alloc(WHISPER_SIZE - used.length)]);
  return encrypt(sharedKey(own, other, 'whisper'), plain, whisperData(place));
}

/** @param {unknown} id 16 bytes */
const isWhisperId = (id) => typeof id === 'string' && /^[\w-]{21}[AQgw]$/.test(id);

/** What each kind of whisper must be. @type {Record<string, (whisper: Record<string, unknown>) => boolean>} */
const WHISPERS = {
  room: ({ roomId, secret }) => /^[A-Za-z0-9]{22}$/.test(String(roomId)) && /^[\w-]{43}$/.test(String(secret)),
  answer: ({ re, answer }) => isWhisperId(re) && ['opened', 'declined'].includes(String(answer)),
  withdrawn: ({ re }) => isWhisperId(re),
};

/** @param {KeyObject} own private @param {KeyObject} other public @param {WhisperPlace} place @param {string} text @returns {Whisper} */
export function openWhisper(own, other, place, text) {
  const [, iv, ciphertext] = /^([\w-]{16})\.([\w-]{704})$/.exec(text) ?? [];
  if (iv === undefined || ciphertext === undefined) throw new Refused('malformed', 'whisper');
  const plain = decrypt(
    sharedKey(own, other, 'whisper'),
    fromBase64url(iv),
    fromBase64url(ciphertext),
    whisperData(place),
  );
  let mark = plain.length - 1;
  while (mark > 0 && plain[mark] === 0) mark -= 1;
  if (plain[mark] !== END_MARK) throw new Refused('malformed', 'end');
  const value = readJson(plain.subarray(0, mark));
  const kind = String(value.kind);
  const isRight = Object.hasOwn(WHISPERS, kind) && WHISPERS[kind]?.(value);
  if (!isWhisperId(value.id) || !isRight) throw new Refused('malformed', 'whisper');
  return /** @type {Whisper} */ (/** @type {unknown} */ (value));
}

/** @param {unknown} value @returns {value is string[]} */
const isMemberIds = (value) =>
  Array.isArray(value) && value.every((id) => typeof id === 'string' && /^[A-Za-z0-9]{16}$/.test(id));

/** @param {string} text the 43 characters of a link or of `previous` */
function readSecret(text) {
  const secret = fromBase64url(text);
  if (secret.length !== 32) throw new Refused('malformed', 'secret');
  return secret;
}

/** @param {Buffer} bytes @returns {Previous} */
function readPrevious(bytes) {
  const { secret, members, removed } = readJson(bytes);
  if (typeof secret !== 'string' || !isMemberIds(members) || !isMemberIds(removed)) throw new Refused('not followed');
  return { secret: readSecret(secret), members, removed };
}

/** @param {unknown} value @returns {value is Target} */
function isTarget(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { id, by } = /** @type {Record<string, unknown>} */ (value);
  return isMessageId(id) && isMemberIds([by]);
}

/** @param {unknown} id */
const isMessageId = (id) => typeof id === 'string' && /^[\w-]{8,64}$/.test(id);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a content of each kind must be. @type {Record<string, (content: Record<string, unknown>) => boolean>} */
const RULES = {
  text: ({ text, re, mentions }) => isText(text, 1_000) && (re === undefined || isTarget(re)) && areMentions(mentions),
  reaction: ({ emoji, on }) => isText(emoji, 32) && [...graphemes.segment(emoji)].length === 1 && isTarget(on),
  edit: ({ id, n, text, mentions }) =>
    isMessageId(id) && Number.isSafeInteger(n) && Number(n) >= 1 && isText(text, 1_000) && areMentions(mentions),
  room: ({ roomId, secret, text }) =>
    /^[A-Za-z0-9]{22}$/.test(String(roomId)) &&
    /^[\w-]{43}$/.test(String(secret)) &&
    (text === undefined || isText(text, 1_000)),
};

/** @param {unknown} mentions */
const areMentions = (mentions) => mentions === undefined || (isMemberIds(mentions) && mentions.length <= 20);

/** @param {Buffer} bytes @returns {Content | null} null for a kind that only newer clients know */
function readContent(bytes) {
  const content = readJson(bytes);
  const isRight = Object.hasOwn(RULES, String(content.kind)) ? RULES[String(content.kind)] : undefined;
  if (isRight === undefined) return null;
  if (!isRight(content)) throw new Refused('malformed', 'content');
  return /** @type {Content} */ (/** @type {unknown} */ (content));
}

/** @param {Epochs} epochs @param {Place} place @param {string} sealed @param {KeyObject} key the author's */
export function readMessage(epochs, place, sealed, key) {
  const opened = open(epochs, place, sealed);
  verifyOpened(opened, key);
  return readContent(opened.content);
}

/** @typedef {{ epoch: number, by: string, keyCheck: string, previous: string, cursor: string, card?: string, wrap?: string | undefined }} Replacement A new epoch, as the server shows it to one member. */

/** @param {Epoch} under the epoch that it belongs to @param {string} roomId @param {string} by @param {string} sealed */
function openPrevious(under, roomId, by, sealed) {
  const opened = open(
    new Map([[under.epoch, under]]),
    { roomId, memberId: by, messageId: '-', field: 'previous' },
    sealed,
  );
  return { opened, previous: readPrevious(opened.content) };
}

/**
 * The checks of a new epoch that need nothing but keys. Whether `owner` could begin one at all is for the caller to know.
 * @param {{ roomId: string, keys: OwnKeys, newest: Epoch }} held @param {Card} owner the card of `by` @param {Replacement} replacement
 */
export function readReplacement({ roomId, keys, newest }, owner, { epoch, by, keyCheck, previous: sealed, wrap }) {
  if (epoch !== newest.epoch + 1) throw new Refused('not followed', 'not the next epoch');
  if (wrap === undefined) throw new Refused('not followed', 'no wrap');
  const place = { roomId, epoch, from: by, to: keys.memberId };
  const next = deriveEpoch(epoch, openWrap(keys.agree, owner.agree, place, wrap));
  if (next.keyCheck !== keyCheck) throw new Refused('not followed', 'another check');
  const { opened, previous } = openPrevious(next, roomId, by, sealed);
  verifyOpened(opened, owner.sign);
  if (!previous.secret.equals(newest.secret)) throw new Refused('not followed', 'another secret');
  if (!previous.members.includes(keys.memberId)) throw new Refused('not followed', 'not for us');
  return { next, previous };
}

/** @typedef {{ memberId: string, card?: string, owner?: boolean }} Seat As the server lists it. */
/** @typedef {{ id: string, memberId: string, text: string, timestamp: number, cursor: string }} StoredMessage */
/** @typedef {{ id: string, by: string, cursor: string, at: number, content: Content | null, refused: Finding | null }} Heard `content` is null where it was refused, and of a kind that only newer clients know. */
/** @typedef {{ id: string, by: string, name: string | null, text: string | null, refused: Finding | null, edited: boolean, re: Target | null, reactions: Record<string, string[]> }} Shown */
/** @typedef {{ origin: string, roomId: string, token: string, epoch: number, secret: string, removed: string[], sign: import('node:crypto').JsonWebKey, agree: import('node:crypto').JsonWebKey }} Saved */

/** A refusal of the server. */
export class Problem extends Error {
  /** @param {number} status @param {{ code?: string, detail?: string, members?: Seat[] }} body */
  constructor(status, { code = 'unknown', detail = '', members = [] }) {
    super(`${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.members = members;
  }
}

/** `previous` names no more of those who were removed. */
const REMOVED_MAX = 50;
const TRIES = 5;
const RETRY_MS = 200;
const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_MS));

/**
 * Calls the API. A call that got no answer, or 503, is repeated as it was: the server knows a repeated message, and a
 * repeated rekey, for the same.
 * @param {string} method @param {URL} url @param {{ token?: string, body?: object }} [options] @returns {Promise<any>}
 */
export async function call(method, url, { token, body } = {}) {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, init).catch((/** @type {unknown} */ fault) => {
      if (tries === TRIES) throw fault;
      return null;
    });
    if (response?.ok) return response.status === 204 ? null : await response.json();
    if (response !== null && (response.status !== 503 || tries === TRIES))
      throw new Problem(response.status, await response.json());
    await pause();
  }
}

/**
 * The JSON of each event of a stream. A connection that breaks ends them as one that is closed does.
 * @param {ReadableStream<Uint8Array>} body @returns {AsyncGenerator<any, void>}
 */
async function* framesOf(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (let rest = ''; ;) {
    const { value } = await reader.read().catch(() => ({ value: undefined }));
    if (value === undefined) return;
    const frames = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) if (frame.startsWith('data: ')) yield JSON.parse(frame.slice('data: '.length));
  }
}

/** @param {string} cursor a place in the stream, `<ms>-<seq>` */
function readCursor(cursor) {
  const [ms = '0', seq = '0'] = cursor.split('-');
  return { ms: Number(ms), seq: Number(seq) };
}

/** Whether a place in the stream is behind another. @param {string} cursor @param {string} other */
function isAfter(cursor, other) {
  const [one, two] = [readCursor(cursor), readCursor(other)];
  return one.ms === two.ms ? one.seq > two.seq : one.ms > two.ms;
}

/** A message is known by its author and its id. @param {Target} target */
const nameOf = ({ id, by }) => `${by} ${id}`;

/** @param {unknown} fault @returns {Refused} */
function refusalOf(fault) {
  if (fault instanceof Refused) return fault;
  throw fault;
}

/** A seat in a sealed room. */
export class SealedRoom {
  /** @type {Epochs} */ #epochs = new Map();
  /** Where in the stream each epoch began. @type {Map<number, string>} */ #starts = new Map();
  /** What the owner said with each epoch. @type {Map<number, Previous>} */ #previous = new Map();
  /** The seats, with the owner's. @type {Map<string, { owner: boolean }>} */ #seats = new Map();
  /** Of members and of those who left. @type {Map<string, Card>} */ #cards = new Map();
  /** Everybody who was removed, the oldest first. @type {Set<string>} */ #removed = new Set();
  /** In the order of the stream. @type {Map<string, Heard>} */ #heard = new Map();
  /** @type {Set<string>} */ #takenBack = new Set();
  /** What members said to this one alone, each once. @type {{ from: string, whisper: Whisper }[]} */ whispers = [];
  /** The event after which a new connection goes on. @type {string | undefined} */ #lastEvent;
  #locked = false;
  #closing = new AbortController();
  /** @type {Promise<void>} */ #following = Promise.resolve();
  /** Why nothing is sent any more: an epoch that could not be followed. @type {Refused | null} */ stopped = null;
  /** Why the seat was lost: `left`, `removed`, `displaced`, or `gone` with the room. @type {string | null} */ ended =
    null;

  /** @param {string} origin @param {string} roomId @param {string} token @param {OwnKeys} keys @param {Epoch} newest */
  constructor(origin, roomId, token, keys, newest) {
    this.origin = origin;
    this.roomId = roomId;
    this.token = token;
    this.keys = keys;
    this.epoch = newest.epoch;
    this.#epochs.set(newest.epoch, newest);
  }

  /** Makes a room and takes its first seat. @param {string} origin @param {{ name: string, maxMembers?: number }} options */
  static async open(origin, { name, ...options }) {
    const keys = makeKeys();
    const first = deriveEpoch(0, randomBytes(32));
    const { keyCheck, proofHash } = first;
    const card = makeCard(first, keys, name);
    const room = await call('POST', new URL('/api/room', origin), {
      body: { ...options, sealed: true, keyCheck, proofHash, memberId: keys.memberId, card, credentials: 'bearer' },
    });
    return new SealedRoom(origin, room.roomId, room.token, keys, first).#enter();
  }

  /** @param {string} link @param {{ name: string }} options */
  static async join(link, { name }) {
    const { origin, pathname, hash } = new URL(link);
    const roomId = pathname.split('/').at(-1) ?? '';
    const secret = readSecret(hash.slice(1));
    const room = await call('GET', new URL(`/api/room?roomId=${roomId}`, origin));
    const newest = deriveEpoch(room.epoch, secret);
    if (room.replaced.includes(newest.keyCheck)) throw new Refused('not followed', 'the link was replaced');
    if (room.keyCheck !== newest.keyCheck) throw new Refused('not followed', 'the link has another secret');
    const keys = makeKeys();
    const { proof } = newest;
    const seat = await call('POST', new URL(`/api/room/join?roomId=${roomId}`, origin), {
      body: { proof, memberId: keys.memberId, card: makeCard(newest, keys, name), credentials: 'bearer' },
    });
    return new SealedRoom(origin, roomId, seat.token, keys, newest).#enter();
  }

  /** Goes on with a seat. @param {Saved} saved */
  static async resume({ origin, roomId, token, epoch, secret, removed, sign, agree }) {
    const [signKey, agreeKey] = [sign, agree].map((key) => createPrivateKey({ key, format: 'jwk' }));
    if (signKey === undefined || agreeKey === undefined) throw new TypeError('Both keys are needed');
    const newest = deriveEpoch(epoch, readSecret(secret));
    const room = new SealedRoom(origin, roomId, token, ownKeys(signKey, agreeKey), newest);
    for (const memberId of removed) room.#removed.add(memberId);
    return room.#enter();
  }

  /** All that `resume` needs. The epoch is part of it, because a client never goes below the highest that it took. @returns {Saved} */
  save() {
    const { origin, roomId, token, epoch, keys } = this;
    return {
      ...{ origin, roomId, token, epoch, secret: toBase64url(this.#newest.secret), removed: [...this.#removed] },
      ...{ sign: keys.sign.export({ format: 'jwk' }), agree: keys.agree.export({ format: 'jwk' }) },
    };
  }

  get memberId() {
    return this.keys.memberId;
  }

  get link() {
    return `${this.origin}/room/${this.roomId}#${toBase64url(this.#newest.secret)}`;
  }

  /** The seats in their order. `name` is null where no card counts, or its name is not to be shown. */
  get members() {
    return [...this.#seats].map(([memberId, { owner }]) => ({ memberId, owner, name: this.nameOf(memberId) }));
  }

  /** @param {string} memberId */
  nameOf(memberId) {
    return this.#cards.get(memberId)?.name ?? null;
  }

  /** Texts with the edits and reactions that they have now. @returns {Shown[]} */
  get transcript() {
    const heard = [...this.#heard.values()].sort((one, other) => (isAfter(one.cursor, other.cursor) ? 1 : -1));
    const contents = heard.flatMap(({ by, content }) => (content ? [{ by, content }] : []));
    return heard.flatMap(({ id, by, content, refused }) => {
      if (content?.kind === 'reaction' || content?.kind === 'edit') return [];
      const target = nameOf({ id, by });
      /** @type {EditContent | null} */ let edit = null;
      /** @type {Record<string, string[]>} */ const reactions = {};
      for (const other of contents) {
        if (other.content.kind === 'edit' && nameOf({ id: other.content.id, by: other.by }) === target)
          if (edit === null || other.content.n >= edit.n) edit = other.content;
        if (other.content.kind === 'reaction' && nameOf(other.content.on) === target)
          reactions[other.content.emoji] = [...new Set(reactions[other.content.emoji]).add(other.by)];
      }
      const re = (content?.kind === 'text' && content.re) || null;
      const text = /** @type {EditContent | null} */ (edit)?.text ?? content?.text ?? null;
      return [{ id, by, name: this.nameOf(by), text, refused, edited: edit !== null, re, reactions }];
    });
  }

  /** @param {string} text @param {{ re?: Target, mentions?: string[] }} [details] */
  say(text, details = {}) {
    return this.#speak({ kind: 'text', text, ...details });
  }

  /** @param {string} emoji @param {Target} on */
  react(emoji, { id, by }) {
    return this.#speak({ kind: 'reaction', emoji, on: { id, by } });
  }

  /** Says something to one member alone, who hears it now or never. @param {string} to @param {{ kind: 'room', roomId: string, secret: string } | { kind: 'answer', re: string, answer: 'opened' | 'declined' } | { kind: 'withdrawn', re: string }} value */
  async whisper(to, value) {
    const card = this.#seats.has(to) && !this.#removed.has(to) ? this.#cards.get(to) : undefined;
    if (card === undefined) throw new Refused('not a card');
    const whisper = { id: toBase64url(randomBytes(16)), ...value };
    const place = { roomId: this.roomId, from: this.memberId, to };
    await this.#call('POST', `/api/whispers?to=${to}`, {
      text: makeWhisper(this.keys.agree, card.agree, place, whisper),
    });
    return whisper.id;
  }

  /** @param {Target} message one of our own @param {string} text */
  edit({ id }, text) {
    const n = Math.max(0, ...this.#editsOf(id).map((edit) => edit.n)) + 1;
    return this.#speak({ kind: 'edit', id, n, text });
  }

  /** The server does not know edits, so that they are named with their message. @param {Target} message one of our own */
  async takeBack({ id }) {
    const query = new URLSearchParams([id, ...this.#editsOf(id).map((edit) => edit.editId)].map((one) => ['id', one]));
    await this.#call('DELETE', `/api/messages?${query}`);
  }

  /** @param {string} name */
  rename(name) {
    return this.#underNewest((newest) =>
      this.#call('PATCH', '/api/members', { card: makeCard(newest, this.keys, name) }),
    );
  }

  /** Gives the seat up. */
  async leave() {
    await this.#call('POST', '/api/room/leave');
    await this.close();
  }

  /** Replaces the secret, which only the owner may do, and removes a member with it. @param {string} [remove] */
  async rekey(remove) {
    let problem = await this.#tryRekey([...this.#seats.keys()], remove);
    if (problem) problem = await this.#tryRekey(problem.members, remove);
    if (problem) await this.#rekeyLocked(problem.members, remove);
    await this.#catchUp();
    if (this.stopped) throw this.stopped;
  }

  /** Somebody joined or left at each attempt. The removal waits no longer, and nobody joins before the new epoch. @param {Seat[]} seats @param {string} [remove] */
  async #rekeyLocked(seats, remove) {
    const wasLocked = this.#locked;
    if (remove !== undefined)
      await this.#call('DELETE', `/api/members?memberId=${remove}`).catch((/** @type {unknown} */ fault) => {
        if (!(fault instanceof Problem) || fault.code !== 'not_found') throw fault;
      });
    await this.#call('PATCH', '/api/room', { locked: true });
    try {
      let problem = await this.#tryRekey(seats, undefined, remove);
      for (let tries = 1; problem && tries < TRIES; tries += 1)
        problem = await this.#tryRekey(problem.members, undefined, remove);
      if (problem) throw problem;
    } finally {
      await this.#call('PATCH', '/api/room', { locked: wasLocked });
    }
  }

  /** Ends the connection; the seat stays. */
  async close() {
    this.#closing.abort();
    await this.#following;
  }

  get #newest() {
    const newest = this.#epochs.get(this.epoch);
    if (newest === undefined) throw new Error('The newest epoch is always known');
    return newest;
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  #call(method, path, body) {
    const url = new URL(path, this.origin);
    url.searchParams.set('roomId', this.roomId);
    return call(method, url, { token: this.token, ...(body && { body }) });
  }

  /** Our own edits of a message. @param {string} id */
  #editsOf(id) {
    return [...this.#heard.values()].flatMap(({ id: editId, by, content }) =>
      by === this.memberId && content?.kind === 'edit' && content.id === id ? [{ editId, n: content.n }] : [],
    );
  }

  /** @param {Content} content @returns {Promise<Target>} */
  async #speak(content) {
    const id = toBase64url(randomBytes(12));
    const where = { roomId: this.roomId, messageId: id, field: /** @type {const} */ ('content') };
    const stored = await this.#underNewest((newest) =>
      this.#call('POST', '/api/messages', { id, text: seal(newest, this.keys, where, content) }),
    );
    await this.#hear(stored);
    return { id, by: this.memberId };
  }

  /**
   * Seals and sends. Only `epoch_changed` says for certain that nothing was stored, so that it may be sealed again.
   * @param {(newest: Epoch) => Promise<any>} send
   */
  async #underNewest(send) {
    for (;;) {
      if (this.stopped) throw this.stopped;
      const tried = this.#newest;
      try {
        return await send(tried);
      } catch (fault) {
        if (!(fault instanceof Problem) || fault.code !== 'epoch_changed') throw fault;
        await this.#catchUp();
        if (this.epoch === tried.epoch) throw this.stopped ?? fault;
      }
    }
  }

  /**
   * One attempt with a secret of its own. A wrap of a failed attempt is worth nothing.
   * @param {(string | Seat)[]} seats @param {string} [remove] @param {string} [gone] removed already @returns {Promise<Problem | null>} `members_changed`
   */
  async #tryRekey(seats, remove, gone = remove) {
    const next = deriveEpoch(this.epoch + 1, randomBytes(32));
    const { epoch, keyCheck, proofHash } = next;
    /** @type {Record<string, string>} */ const wraps = {};
    const members = [];
    for (const seat of seats) {
      const { memberId, card: sealed } = typeof seat === 'string' ? { memberId: seat } : seat;
      if (memberId === gone) continue;
      const card = this.#removed.has(memberId) ? null : this.#trusted(memberId, sealed);
      if (card) members.push(memberId);
      const place = { roomId: this.roomId, epoch, from: this.memberId, to: memberId };
      wraps[memberId] = card ? makeWrap(this.keys.agree, card.agree, place, next.secret) : makeDummyWrap();
    }
    const removed = [...new Set([...this.#removedSince(), ...(gone === undefined ? [] : [gone])])].slice(-REMOVED_MAX);
    const where = { roomId: this.roomId, messageId: '-', field: /** @type {const} */ ('previous') };
    const previous = seal(next, this.keys, where, { secret: toBase64url(this.#newest.secret), members, removed });
    try {
      await this.#call('POST', '/api/room/rekey', {
        ...{ epoch, keyCheck, proofHash, previous, wraps },
        ...(remove !== undefined && { remove }),
      });
      return null;
    } catch (fault) {
      if (fault instanceof Problem && fault.code === 'members_changed') return fault;
      throw fault;
    }
  }

  /** The card of a member in the roster, or of a newcomer who holds the current secret. @param {string} memberId @param {string} [sealed] */
  #trusted(memberId, sealed) {
    const known = this.#seats.has(memberId) ? this.#cards.get(memberId) : undefined;
    if (known || sealed === undefined) return known ?? null;
    try {
      return openCard(new Map([[this.epoch, this.#newest]]), memberId, sealed);
    } catch (fault) {
      refusalOf(fault);
      return null;
    }
  }

  /** Members who were removed and are named by no epoch yet. */
  #removedSince() {
    const named = new Set([...this.#previous.values()].flatMap(({ removed }) => removed));
    return [...this.#removed].filter((memberId) => !named.has(memberId));
  }

  async #enter() {
    const frames = await this.#connect();
    if (frames === null) throw new Problem(401, { code: 'not_a_member' });
    this.#following = this.#listen(frames);
    return this;
  }

  /** Without a last event it listens first and reads then, so that nothing falls between the two. */
  async #connect() {
    const url = new URL(`/api/realtime?channel=${this.roomId}`, this.origin);
    const isFresh = this.#lastEvent === undefined;
    if (this.#lastEvent !== undefined) url.searchParams.set(`last_ack_${this.roomId}`, this.#lastEvent);
    const init = { headers: { authorization: `Bearer ${this.token}` }, signal: this.#closing.signal };
    for (; !this.#closing.signal.aborted; await pause()) {
      const response = await fetch(url, init).catch(() => null);
      if (response?.status === 401 || response?.status === 404) {
        this.ended ??= 'gone';
        return null;
      }
      if (!response?.ok || response.body === null) continue;
      const frames = framesOf(response.body);
      const { value: first } = await frames.next();
      if (first?.type !== 'connected') continue;
      this.#lastEvent = first.cursor;
      if (isFresh) await this.#readAfresh();
      return frames;
    }
    return null;
  }

  /** @param {AsyncGenerator<any, void> | null} frames of the first connection */
  async #listen(frames) {
    while (frames !== null && this.ended === null) {
      for await (const frame of frames) await this.#take(frame);
      if (this.ended === null) frames = await this.#connect();
    }
  }

  /** @param {any} frame an event, which has an id, or a word about the stream itself, which has a type */
  async #take({ type, error, id, event, data }) {
    if (type === 'error' && error === 'read_afresh') this.#lastEvent = undefined;
    if (type !== undefined) return;
    this.#lastEvent = id;
    if (event === 'chat.message') await this.#hear({ ...data, cursor: id });
    else if (event === 'message.removed') this.#forget({ id: data.id, by: data.memberId });
    else if (event === 'room.rekeyed') await this.#hearOfRekey({ ...data, cursor: id });
    else if (event === 'room.updated') this.#update(data);
    else if (event === 'member.joined') this.#seat({ ...data, owner: false });
    else if (event === 'member.updated') this.#keepCard(data);
    else if (event === 'member.left') this.#unseat(data);
    else if (event === 'member.whispered') this.#hearWhisper(data);
    else if (event === 'chat.destroy') this.ended = 'gone';
  }

  /** @param {{ from: string, to: string, text: string }} whispered */
  #hearWhisper({ from, to, text }) {
    const card = this.#seats.has(from) && !this.#removed.has(from) ? this.#cards.get(from) : undefined;
    if (to !== this.memberId || from === to || card === undefined) return;
    try {
      const whisper = openWhisper(this.keys.agree, card.agree, { roomId: this.roomId, from, to }, text);
      const isKnown = this.whispers.some((heard) => heard.from === from && heard.whisper.id === whisper.id);
      if (!isKnown) this.whispers.push({ from, whisper });
    } catch (fault) {
      refusalOf(fault);
    }
  }

  /** @param {{ locked?: boolean, ownerId?: string }} changed */
  #update({ locked = this.#locked, ownerId }) {
    this.#locked = locked;
    if (ownerId !== undefined) for (const [memberId, seat] of this.#seats) seat.owner = memberId === ownerId;
  }

  /** @param {Seat} seat */
  #seat({ memberId, card, owner = false }) {
    if (!this.#seats.has(memberId)) this.#seats.set(memberId, { owner });
    this.#keepCard({ memberId, ...(card !== undefined && { card }) });
  }

  /** A card that does not count changes nothing: who had one keeps it. @param {Seat} seat */
  #keepCard({ memberId, card }) {
    if (card === undefined) return;
    try {
      this.#cards.set(memberId, openCard(this.#epochs, memberId, card));
    } catch (fault) {
      refusalOf(fault);
    }
  }

  /** @param {{ memberId: string, reason: string }} left */
  #unseat({ memberId, reason }) {
    this.#seats.delete(memberId);
    if (reason === 'removed') this.#removed.add(memberId);
    if (memberId === this.memberId) this.ended = reason;
  }

  /** Epochs first, since cards and messages are sealed in them. */
  async #readAfresh() {
    const room = await this.#call('GET', '/api/room');
    this.#locked = room.locked;
    const check = [...room.replaced, room.keyCheck][this.epoch];
    if (check !== this.#newest.keyCheck) this.stopped = new Refused('not followed', 'the room shows another secret');
    const replacements = await this.#readReplacements();
    this.#walkDown(replacements, room.replaced);
    this.#climb(replacements);
    const { members, former } = await this.#call('GET', '/api/members');
    this.#seats.clear();
    for (const seat of members) this.#seat(seat);
    for (const seat of former) this.#keepCard(seat);
    for (let after = ''; ;) {
      const page = await this.#call('GET', `/api/messages?limit=200${after}`);
      for (const message of page.messages) await this.#hear(message);
      if (page.messages.length === 0) return;
      after = `&after=${page.cursor}`;
    }
  }

  /** @returns {Promise<Replacement[]>} */
  async #readReplacements() {
    /** @type {Replacement[]} */ const replacements = [];
    for (;;) {
      const { epochs } = await this.#call('GET', `/api/epochs?after=${replacements.at(-1)?.epoch ?? 0}`);
      if (epochs.length === 0) return replacements;
      replacements.push(...epochs);
    }
  }

  /**
   * From the epoch whose secret is held down to the first, as far as the chain holds. A card may be sealed in any earlier
   * epoch, so that nothing can be verified before all are opened.
   * @param {Replacement[]} replacements @param {string[]} replaced the checks of the earlier epochs
   */
  #walkDown(replacements, replaced) {
    /** @type {{ replacement: Replacement, opened: Opened, previous: Previous }[]} */ const steps = [];
    for (const replacement of replacements.toReversed()) {
      const { epoch, by, previous: sealed, cursor } = replacement;
      const under = this.#epochs.get(epoch);
      if (under === undefined || this.#previous.has(epoch)) continue;
      try {
        const { opened, previous } = openPrevious(under, this.roomId, by, sealed);
        const before = deriveEpoch(epoch - 1, previous.secret);
        if (before.keyCheck !== replaced[epoch - 1]) throw new Refused('not followed', 'another check');
        this.#epochs.set(epoch - 1, before);
        this.#starts.set(epoch, cursor);
        steps.push({ replacement, opened, previous });
      } catch (fault) {
        refusalOf(fault);
        break;
      }
    }
    for (const { replacement, opened, previous } of steps) {
      const { epoch, by, card = '' } = replacement;
      try {
        verifyOpened(opened, openCard(this.#epochs, by, card).sign);
        this.#previous.set(epoch, previous);
        for (const memberId of previous.removed) this.#removed.add(memberId);
      } catch (fault) {
        refusalOf(fault);
        for (const older of this.#epochs.keys()) if (older < epoch) this.#epochs.delete(older);
        return;
      }
    }
  }

  /** From the epoch whose secret is held to the newest. @param {Replacement[]} replacements */
  #climb(replacements) {
    for (const replacement of replacements) {
      const { epoch, by, card: sealed = '' } = replacement;
      if (epoch <= this.epoch || this.stopped) continue;
      this.#follow(replacement, () => {
        const card = openCard(this.#epochs, by, sealed);
        const wasMember = card.epoch === epoch - 1 || this.#previous.get(epoch - 1)?.members.includes(by) === true;
        if (!wasMember) throw new Refused('not followed', 'by somebody unknown');
        return card;
      });
    }
  }

  async #catchUp() {
    this.#climb(await this.#readReplacements());
  }

  /** @param {Replacement & { wraps: Record<string, string> }} replacement */
  async #hearOfRekey({ wraps, ...replacement }) {
    const { epoch, by } = replacement;
    if (epoch <= this.epoch || this.stopped) return;
    this.#follow({ ...replacement, wrap: wraps[this.memberId] }, () => {
      const card = this.#cards.get(by);
      if (!this.#seats.get(by)?.owner || card === undefined) throw new Refused('not followed', 'not by the owner');
      return card;
    });
  }

  /**
   * Takes the next epoch, or stays in its own for good and says why.
   * @param {Replacement} replacement @param {() => Card} findOwner the card of `by`, if that member could replace the secret
   */
  #follow(replacement, findOwner) {
    const { epoch, by, cursor } = replacement;
    try {
      if (this.#removed.has(by)) throw new Refused('not followed', 'by somebody who was removed');
      const held = { roomId: this.roomId, keys: this.keys, newest: this.#newest };
      const { next, previous } = readReplacement(held, findOwner(), replacement);
      this.#epochs.set(epoch, next);
      this.#starts.set(epoch, cursor);
      this.#previous.set(epoch, previous);
      for (const memberId of previous.removed) this.#removed.add(memberId);
      this.epoch = epoch;
    } catch (fault) {
      this.stopped = new Refused('not followed', refusalOf(fault).message);
    }
  }

  /** @param {StoredMessage} message */
  async #hear({ id, memberId: by, text, timestamp: at, cursor }) {
    const name = nameOf({ id, by });
    if (this.#heard.has(name) || this.#takenBack.has(name)) return;
    const entry = { id, by, cursor, at };
    if (epochOf(text) > this.epoch && !this.stopped) await this.#catchUp();
    try {
      const place = { roomId: this.roomId, memberId: by, messageId: id, field: /** @type {const} */ ('content') };
      if (this.#isLate(epochOf(text), cursor)) throw new Refused('of an earlier epoch');
      const content = readMessage(this.#epochs, place, text, await this.#keyOf(by));
      this.#heard.set(name, { ...entry, content, refused: null });
    } catch (fault) {
      this.#heard.set(name, { ...entry, content: null, refused: refusalOf(fault).found });
    }
  }

  /** Whether a newer epoch had begun. @param {number} epoch @param {string} cursor */
  #isLate(epoch, cursor) {
    return [...this.#starts].some(([newer, start]) => newer > epoch && isAfter(cursor, start));
  }

  /** The key with which a member signs, who may have left. @param {string} memberId */
  async #keyOf(memberId) {
    if (!this.#cards.has(memberId)) {
      const { members, former } = await this.#call('GET', `/api/members?memberId=${memberId}`);
      for (const seat of [...members, ...former]) this.#keepCard(seat);
    }
    const card = this.#cards.get(memberId);
    if (card === undefined) throw new Refused('not verified', 'no card');
    return card.sign;
  }

  /** @param {Target} message */
  #forget(message) {
    this.#takenBack.add(nameOf(message));
    this.#heard.delete(nameOf(message));
  }
}
