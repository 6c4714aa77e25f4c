/**
 * The test vectors of docs/sealing.md, made by the reference in sealing-reference.mjs. `node tests/support/sealing-vectors.mjs` writes
 * docs/sealing-vectors.json. Everything in it comes from fixed words, so nothing changes unless the format does.
 */
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import * as reference from './sealing-reference.mjs';

const { deriveEpoch, makeMember, pad, seal, sealPadded, sha256, signedPlain, toText } = reference;

/** @typedef {reference.Epoch} Epoch */
/** @typedef {reference.Member} Member */
/** @typedef {reference.Place} Place */

export const VECTORS_FILE = new URL('../../docs/sealing-vectors.json', import.meta.url);

const ROOM_ID = 'Aa0Bb1Cc2Dd3Ee4Ff5Gg6H';
const ANOTHER_ROOM_ID = 'Zz9Yy8Xx7Ww6Vv5Uu4Tt3S';

/** Bytes that are the same in every run. @param {string} word */
const fixed = (word) => sha256(`mayfly vector: ${word}`);
/** @param {string} word */
const ivOf = (word) => fixed(`iv of ${word}`).subarray(0, 12);
/** @param {string} name */
const memberNamed = (name) => makeMember(fixed(`sign of ${name}`), fixed(`agree of ${name}`));

const EPOCHS = [
  deriveEpoch('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', 0),
  deriveEpoch('8OHSw7Sllod4aVpLPC0eD_Dh0sO0pZaHeGlaSzwtHg8', 1),
];
const [FIRST, SECOND] = /** @type {[Epoch, Epoch]} */ (EPOCHS);
const [ANN, BO, CY] = [memberNamed('Ann'), memberNamed('Bo'), memberNamed('Cy')];
const MEMBERS = [ANN, BO, CY];

/** @param {Member} author @param {string} messageId @returns {Place} */
const contentOf = (author, messageId) => ({ roomId: ROOM_ID, memberId: author.memberId, messageId, field: 'content' });
/** @param {string} memberId @returns {Place} */
const cardOf = (memberId) => ({ roomId: '-', memberId, messageId: '-', field: 'card' });
/** @type {Place} */
const PREVIOUS = { roomId: ROOM_ID, memberId: ANN.memberId, messageId: '-', field: 'previous' };

/** @param {string} name @param {{ sign: Uint8Array, agree: Uint8Array }} keys @param {object} more */
const cardJson = (name, { sign, agree }, more = {}) =>
  JSON.stringify({ name, sign: toText(sign), agree: toText(agree), ...more });

/** @param {Epoch} epoch @param {Member} member @param {string} name @param {object} more */
function card(epoch, member, name, more = {}) {
  const content = cardJson(name, member, more);
  const sealed = seal(epoch, cardOf(member.memberId), member, ivOf(`card ${epoch.epoch} ${name}`), content);
  return { epoch: epoch.epoch, memberId: member.memberId, name, content, sealed };
}

/** @param {Epoch} epoch @param {Member} author @param {string} messageId @param {string} json */
function content(epoch, author, messageId, json) {
  const place = contentOf(author, messageId);
  const additionalData = reference.additionalDataOf(epoch, place);
  const sealed = seal(epoch, place, author, ivOf(messageId), json);
  return { epoch: epoch.epoch, memberId: author.memberId, messageId, content: json, additionalData, sealed };
}

/** A text whose JSON has exactly this number of bytes. @param {number} bytes */
const textOfBytes = (bytes) => JSON.stringify({ kind: 'text', text: 'x'.repeat(bytes - 25) });

const contents = [
  content(FIRST, ANN, 'message-1', '{"kind":"text","text":"Hello"}'),
  content(
    FIRST,
    BO,
    'V1StGXR8_Z5jdHi6B-myT',
    JSON.stringify({
      kind: 'text',
      text: '安靜的水獺 🦦',
      re: { id: 'message-1', by: ANN.memberId },
      mentions: [ANN.memberId],
    }),
  ),
  content(
    FIRST,
    BO,
    'reaction-1',
    JSON.stringify({ kind: 'reaction', emoji: '👍🏽', on: { id: 'message-1', by: ANN.memberId } }),
  ),
  content(FIRST, ANN, 'edit-0001', '{"kind":"edit","id":"message-1","n":1,"text":"Hello, all"}'),
  content(FIRST, ANN, 'spaced-01', '{ "text" : "as spelled", "kind" : "text" }'),
  content(FIRST, ANN, 'newer-001', '{"kind":"a kind of a later version"}'),
  content(FIRST, ANN, 'bytes-063', textOfBytes(63)),
  content(FIRST, ANN, 'bytes-064', textOfBytes(64)),
  content(SECOND, BO, 'message-2', '{"kind":"text","text":"After Cy was removed"}'),
];

const cards = [
  card(FIRST, ANN, 'Ann'),
  card(FIRST, BO, '安靜的水獺 🦦', { colour: 'unknown members are ignored' }),
  card(SECOND, BO, 'Bo "the second" of two'),
];

/** @param {number} epoch @param {Member} from @param {Member} to */
const wrapPlace = (epoch, from, to) => ({ roomId: ROOM_ID, epoch, from: from.memberId, to: to.memberId });
/** @param {Member} to */
function wrapFor(to) {
  const place = wrapPlace(1, ANN, to);
  const wrap = reference.wrap(place, ANN, to.agree, ivOf(`wrap ${to.memberId}`), SECOND.secret);
  return { ...place, secret: SECOND.secret, wrap };
}
const wraps = [wrapFor(ANN), wrapFor(BO)];

const previousJson = JSON.stringify({
  secret: FIRST.secret,
  members: [ANN.memberId, BO.memberId],
  removed: [CY.memberId],
});
const epochChange = {
  roomId: ROOM_ID,
  epoch: 1,
  by: ANN.memberId,
  keyCheck: SECOND.keyCheck,
  proofHash: SECOND.proofHash,
  content: previousJson,
  previous: seal(SECOND, PREVIOUS, ANN, ivOf('previous'), previousJson),
  wraps: Object.fromEntries(wraps.map(({ to, wrap }) => [to, wrap])),
};

/** @param {string} word */
const whisperId = (word) => toText(fixed(word).subarray(0, 16));
const offerJson = JSON.stringify({
  id: whisperId('whisper'),
  kind: 'room',
  roomId: ANOTHER_ROOM_ID,
  secret: toText(fixed('secret of another room')),
});
/** @param {'opened' | 'declined'} answer */
const answerJson = (answer) =>
  JSON.stringify({ id: whisperId(answer), kind: 'answer', re: whisperId('whisper'), answer });
const withdrawnJson = JSON.stringify({ id: whisperId('withdrawn'), kind: 'withdrawn', re: whisperId('whisper') });

/** @param {Member} from @param {Member} to @param {string} json */
function whisperOf(from, to, json) {
  const place = { roomId: ROOM_ID, from: from.memberId, to: to.memberId };
  return { ...place, content: json, whisper: reference.whisper(place, from, to.agree, ivOf(json), json) };
}
const whispers = [
  whisperOf(ANN, BO, offerJson),
  whisperOf(BO, ANN, answerJson('opened')),
  whisperOf(BO, ANN, answerJson('declined')),
  whisperOf(ANN, BO, withdrawnJson),
];

/** Pairs that are made for one exchange; only `agree` is used. */
const [ASKED, ANSWERED] = [memberNamed('the one who asked'), memberNamed('the one who answered')];
const PLAIN_MEMBERS = { asker: 'Abcd123456789012', answerer: 'Efgh123456789012' };
const exchangeKeys = { asked: toText(ASKED.agree), answered: toText(ANSWERED.agree) };

/** @param {string} json @param {boolean} isOfAsker */
function plainWhisperOf(json, isOfAsker) {
  const { asker, answerer } = PLAIN_MEMBERS;
  const [from, to] = isOfAsker ? [asker, answerer] : [answerer, asker];
  const [own, other] = isOfAsker ? [ASKED, ANSWERED] : [ANSWERED, ASKED];
  const sealed = reference.plainWhisper(
    { roomId: ROOM_ID, from, to, ...exchangeKeys },
    own,
    other.agree,
    ivOf(`plain ${json}`),
    json,
  );
  return { from, to, content: json, text: `sealed.${exchangeKeys.asked}.${sealed}` };
}
const plainWhispers = {
  ...exchangeKeys,
  askedPrivate: toText(ASKED.agreePrivate),
  answeredPrivate: toText(ANSWERED.agreePrivate),
  ask: `ask.${exchangeKeys.asked}`,
  key: `key.${exchangeKeys.asked}.${exchangeKeys.answered}`,
  sealed: [plainWhisperOf(offerJson, true), plainWhisperOf(answerJson('opened'), false)],
};

/** From the first member to the second, as it stands in `whispers`. */
function refusedWhispers() {
  const place = { roomId: ROOM_ID, from: ANN.memberId, to: BO.memberId };
  const iv = ivOf('refused whisper');
  /** @param {Partial<typeof place>} changes */
  const at = (changes, from = ANN, to = BO) =>
    reference.whisper({ ...place, ...changes }, from, to.agree, iv, offerJson);
  const key = reference.sharedKey(ANN, BO.agree, 'whisper');
  /** @param {Uint8Array} padded */
  const padded = (padded) => reference.encrypt(key, reference.whisperData(place), iv, padded);
  const right = at({});
  return [
    ['for another member', at({}, ANN, CY)],
    ['from another member', at({}, CY)],
    ['for another room', at({ roomId: ANOTHER_ROOM_ID })],
    ['that is turned round', at({ from: BO.memberId, to: ANN.memberId })],
    ['padded to 256 bytes', padded(pad(Buffer.from(offerJson), 256))],
    ['padded to 1,024 bytes', padded(pad(Buffer.from(offerJson), 1_024))],
    ['without an end mark', padded(Buffer.concat([Buffer.from(offerJson), Buffer.alloc(512 - offerJson.length)]))],
    ['that is not UTF-8', padded(pad(Buffer.from([0x22, 0xff, 0x22]), 512))],
    ['with a part more', `${right}.AAAA`],
    ['that was cut', right.slice(0, -4)],
    ['of a plain room', reference.plainWhisper({ ...place, ...exchangeKeys }, ANN, BO.agree, iv, offerJson)],
  ].map(([what, whisper]) => ({ what, whisper }));
}

const HELLO = '{"kind":"text","text":"Hello"}';

/** What a reader refuses, and as what. Everything here was made with the right keys: the server and a member could make it together. */
function refusedContents() {
  const place = contentOf(ANN, 'message-1');
  const additionalData = reference.additionalDataOf(FIRST, place);
  const plain = signedPlain(ANN.signPrivate, additionalData, HELLO);
  const iv = ivOf('refused');
  /** @param {Uint8Array} padded */
  const padded = (padded) => sealPadded(FIRST, place, iv, padded);
  const [, , ...box] = seal(FIRST, place, ANN, iv, HELLO).split('.');
  const after = Buffer.from(pad(plain, 128));
  after[127] = 1;
  /** @param {Uint8Array} signature */
  const signedBy = (signature) => padded(pad(Buffer.concat([signature, Buffer.from(HELLO)]), 128));
  /** @param {Place} other @param {Epoch} [epoch] */
  const signedFor = (other, epoch = FIRST) =>
    signedBy(reference.sign(ANN.signPrivate, Buffer.from(`${reference.additionalDataOf(epoch, other)}\n${HELLO}`)));
  const marked = Buffer.concat([Buffer.alloc(63, 7), Buffer.from([0x80])]);
  return [
    ['signed by another member', 'unverified', seal(FIRST, place, BO, iv, HELLO)],
    ['signed for another message', 'unverified', signedFor(contentOf(ANN, 'message-2'))],
    ['signed for another room', 'unverified', signedFor({ ...place, roomId: ANOTHER_ROOM_ID })],
    ['signed for another epoch', 'unverified', signedFor(place, SECOND)],
    ['signed as another field', 'unverified', signedFor({ ...place, field: 'previous' })],
    ['with a signature of zeros', 'unverified', signedBy(Buffer.alloc(64))],
    ['without an end mark', 'malformed', padded(Buffer.concat([plain, Buffer.alloc(128 - plain.length)]))],
    ['with a byte after the end mark', 'malformed', padded(after)],
    ['with its end mark in the signature', 'malformed', padded(Buffer.concat([marked, Buffer.alloc(64)]))],
    ['padded to 64 bytes', 'malformed', padded(pad(Buffer.alloc(40), 64))],
    ['padded to 192 bytes', 'malformed', padded(Buffer.concat([pad(plain, 128), Buffer.alloc(64)]))],
    ['not UTF-8', 'malformed', seal(FIRST, place, ANN, iv, Buffer.from([0x22, 0xff, 0x22]))],
    ['that names another epoch than its additional data', 'unopened', `v2.1.${box.join('.')}`],
    ['of an epoch that nobody knows', 'unknown-epoch', `v2.7.${box.join('.')}`],
    ['with an epoch that begins with a zero', 'malformed', `v2.00.${box.join('.')}`],
    ['of version 1', 'malformed', `v1.${box.join('.')}`],
  ].map(([what, as, sealed]) => ({ what, as, memberId: ANN.memberId, messageId: 'message-1', sealed }));
}

/** Bytes that are not a point of P-256, or not its full form. @param {Buffer} point */
function wrongPoints(point) {
  const offCurve = Buffer.from(point);
  offCurve[64] = (offCurve[64] ?? 0) ^ 1;
  const odd = (point[64] ?? 0) & 1;
  return {
    'off the curve': offCurve,
    'in the compressed form': Buffer.concat([Buffer.from([2 + odd]), point.subarray(1, 33)]),
    'in the hybrid form': Buffer.concat([Buffer.from([6 + odd]), point.subarray(1)]),
    'one byte too long': Buffer.concat([point, Buffer.alloc(1)]),
    'at infinity': Buffer.concat([Buffer.from([4]), Buffer.alloc(64)]),
  };
}

function refusedCards() {
  const iv = ivOf('refused card');
  /** @param {string} memberId @param {Member} signer @param {string | Uint8Array} json */
  const sealed = (memberId, signer, json) => seal(FIRST, cardOf(memberId), signer, iv, json);
  const own = cardOf(ANN.memberId);
  const plain = signedPlain(ANN.signPrivate, reference.additionalDataOf(FIRST, own), cardJson('Ann', ANN));
  const swapped = { sign: ANN.sign, agree: BO.agree };
  const refused = [
    {
      what: 'with the keys of another member',
      as: 'another-member',
      memberId: ANN.memberId,
      sealed: sealed(ANN.memberId, BO, cardJson('Ann', BO)),
    },
    {
      what: 'with one key of another member',
      as: 'another-member',
      memberId: ANN.memberId,
      sealed: sealed(ANN.memberId, ANN, cardJson('Ann', swapped)),
    },
    {
      what: 'signed by another member',
      as: 'unverified',
      memberId: ANN.memberId,
      sealed: sealed(ANN.memberId, BO, cardJson('Ann', ANN)),
    },
    {
      what: 'without a name',
      as: 'malformed',
      memberId: ANN.memberId,
      sealed: sealed(ANN.memberId, ANN, JSON.stringify({ sign: toText(ANN.sign), agree: toText(ANN.agree) })),
    },
    { what: 'that is not JSON', as: 'malformed', memberId: ANN.memberId, sealed: sealed(ANN.memberId, ANN, 'Ann') },
    {
      what: 'padded to 512 bytes',
      as: 'malformed',
      memberId: ANN.memberId,
      sealed: sealPadded(FIRST, own, iv, pad(plain, 512)),
    },
    {
      what: 'padded to 2,048 bytes',
      as: 'malformed',
      memberId: ANN.memberId,
      sealed: sealPadded(FIRST, own, iv, pad(plain, 2_048)),
    },
  ];
  for (const key of /** @type {const} */ (['sign', 'agree'])) {
    for (const [what, point] of Object.entries(wrongPoints(CY[key]))) {
      const keys = { sign: CY.sign, agree: CY.agree, [key]: point };
      // The id fits the bytes, so that nothing but the bytes is wrong.
      const memberId = reference.memberIdOf(keys.sign, keys.agree);
      refused.push({
        what: `whose key to ${key} is ${what}`,
        as: 'malformed',
        memberId,
        sealed: sealed(memberId, CY, cardJson('Cy', keys)),
      });
    }
  }
  return refused;
}

function refusedPrevious() {
  const iv = ivOf('refused previous');
  /** @param {object} json @param {Member} [signer] */
  const sealed = (json, signer = ANN) => seal(SECOND, PREVIOUS, signer, iv, JSON.stringify(json));
  const members = [ANN.memberId, BO.memberId];
  const said = { secret: FIRST.secret, members, removed: [CY.memberId] };
  return [
    { what: 'signed by another member', as: 'previous-unverified', previous: sealed(said, BO) },
    { what: 'that lacks a list', as: 'previous-unverified', previous: sealed({ secret: FIRST.secret, members }) },
    {
      what: 'sealed under the secret before',
      as: 'previous-unverified',
      previous: seal(FIRST, PREVIOUS, ANN, iv, JSON.stringify(said)),
    },
    {
      what: 'that hands on another secret',
      as: 'another-secret',
      previous: sealed({ ...said, secret: SECOND.secret }),
    },
    { what: 'that does not list the reader', as: 'not-listed', previous: sealed({ ...said, members: [ANN.memberId] }) },
  ];
}

const refusedWraps = [
  {
    what: 'of random bytes',
    wrap: `${toText(ivOf('dummy'))}.${toText(Buffer.concat([fixed('dummy'), fixed('dummy tag').subarray(0, 16)]))}`,
  },
  { what: 'for another member', wrap: wrapFor(ANN).wrap },
  {
    what: 'for another epoch',
    wrap: reference.wrap(wrapPlace(2, ANN, BO), ANN, BO.agree, ivOf('wrap 2'), SECOND.secret),
  },
  {
    what: 'for another room',
    wrap: reference.wrap(
      { ...wrapPlace(1, ANN, BO), roomId: ANOTHER_ROOM_ID },
      ANN,
      BO.agree,
      ivOf('wrap 3'),
      SECOND.secret,
    ),
  },
  {
    what: 'from another member',
    wrap: reference.wrap(wrapPlace(1, ANN, BO), CY, BO.agree, ivOf('wrap 4'), SECOND.secret),
  },
];

const FILE_ID = 'Ff5Gg6Hh7Ii8Jj9Kk0Ll1M';
const ANOTHER_FILE_ID = 'Nn2Oo3Pp4Qq5Rr6Ss7Tt8U';

/** Bytes 0 to 250 over and over: a large file need not be written down. @param {number} size */
const fileContent = (size) => Buffer.from(Array.from({ length: size }, (_, at) => at % 251));

/** A small file is written down whole; of a large one the digests of its pieces are. @param {number} size */
function fileOf(size) {
  const key = fixed(`key of a file of ${size}`);
  const { sealed, card } = reference.sealFile(ROOM_ID, FILE_ID, key, fileContent(size), (index) =>
    ivOf(`piece ${index} of ${size}`),
  );
  return {
    card,
    ivs: sealed.map((piece) => toText(piece.subarray(0, 12))),
    digests: sealed.map((piece) => toText(sha256(piece))),
    sealed: size < 1_000 ? sealed.map(toText) : [],
  };
}

/** The one piece of a file of 100 bytes, sealed for another place or altered. */
function refusedPieces() {
  const key = fixed('key of a file of 100');
  const content = Buffer.concat([fileContent(100), Buffer.alloc(reference.padme(100) - 100)]);
  const iv = ivOf('refused piece');
  /** @param {string} roomId @param {string} fileId @param {number} index @param {boolean} isLast */
  const at = (roomId, fileId, index, isLast, usedKey = key) =>
    reference.sealPiece(usedKey, reference.pieceDataOf(roomId, fileId, index, isLast), iv, content);
  const right = at(ROOM_ID, FILE_ID, 0, true);
  const flipped = Buffer.from(right);
  flipped[20] = (flipped[20] ?? 0) ^ 1;
  return [
    { what: 'of another room', piece: at(ANOTHER_ROOM_ID, FILE_ID, 0, true) },
    { what: 'of another file', piece: at(ROOM_ID, ANOTHER_FILE_ID, 0, true) },
    { what: 'at another index', piece: at(ROOM_ID, FILE_ID, 1, true) },
    { what: 'that is not the last', piece: at(ROOM_ID, FILE_ID, 0, false) },
    { what: 'under another key', piece: at(ROOM_ID, FILE_ID, 0, true, fixed('another key of a file')) },
    { what: 'with a flipped bit', piece: flipped },
    { what: 'that was cut', piece: right.subarray(0, -1) },
    { what: 'that is no more than a seal', piece: right.subarray(0, 28) },
  ].map(({ what, piece }) => ({ what, piece: toText(piece) }));
}

/** Around the steps of the padding. */
const PADDED_SIZES = [1, 2, 9, 100, 1_000, 65_537, 262_144, 262_145, 525_288, 10_485_759, 10_485_760];

export const makeVectors = () => ({
  roomId: ROOM_ID,
  epochs: EPOCHS.map(({ messageKey, phrase, ...epoch }) => ({
    ...epoch,
    messageKeyHex: messageKey.toString('hex'),
    phraseHex: phrase.toString('hex'),
  })),
  members: MEMBERS.map(({ memberId, sign, agree, signPrivate, agreePrivate }) => ({
    memberId,
    sign: toText(sign),
    agree: toText(agree),
    signPrivate: toText(signPrivate),
    agreePrivate: toText(agreePrivate),
    markHex: reference.markOf(ROOM_ID, memberId).toString('hex'),
  })),
  cards,
  contents,
  wraps,
  whispers,
  plainWhispers,
  epochChange,
  paddedSizes: PADDED_SIZES.map((size) => ({ size, padded: reference.padme(size) })),
  files: [fileOf(1), fileOf(100), fileOf(2 * 262_144 + 1_000)],
  refused: {
    pieces: refusedPieces(),
    contents: refusedContents(),
    cards: refusedCards(),
    previous: refusedPrevious(),
    wraps: refusedWraps,
    whispers: refusedWhispers(),
  },
});

if (argv[1] === fileURLToPath(import.meta.url)) {
  const json = JSON.stringify(makeVectors());
  writeFileSync(VECTORS_FILE, await format(json, { parser: 'json', printWidth: 120 }));
}
