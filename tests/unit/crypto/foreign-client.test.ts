import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import vectors from '../../../docs/sealing-vectors.json';
import {
  deriveEpoch,
  type Epoch,
  openCard,
  openWhisper,
  openWrap,
  ownKeys,
  readMessage,
  readReplacement,
  Refused,
} from '@tests/support/foreign-client.mjs';

const { roomId, epochChange, refused } = vectors;
const fromBase64url = (text: string) => Buffer.from(text, 'base64url');

const epochs = new Map<number, Epoch>(
  vectors.epochs.map(({ epoch, secret }) => [epoch, deriveEpoch(epoch, fromBase64url(secret))]),
);
const first = new Map([...epochs].slice(0, 1));

function privateKey(publicText: string, d: string) {
  const point = fromBase64url(publicText);
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
}

const members = vectors.members.map(({ sign, agree, signPrivate, agreePrivate }) =>
  ownKeys(privateKey(sign, signPrivate), privateKey(agree, agreePrivate)),
);
const keysOf = (memberId: string) => {
  const keys = members.find((member) => member.memberId === memberId);
  if (keys === undefined) throw new Error('No such member in the vectors');
  return keys;
};
const cardOf = (memberId: string) => {
  const card = vectors.cards.find((one) => one.memberId === memberId);
  return openCard(epochs, memberId, card?.sealed ?? '');
};

/** How the client of another team says why it refuses, for each reason of the vectors. */
const FOUND: Record<string, string> = {
  unverified: 'not verified',
  malformed: 'malformed',
  unopened: 'not opened',
  'unknown-epoch': 'of an unknown epoch',
  'another-member': 'not a card',
};
const foundFor = (as: string) => expect.objectContaining({ found: FOUND[as] ?? as }) as unknown;

function found(read: () => unknown): unknown {
  try {
    read();
  } catch (fault) {
    return fault;
  }
  throw new Error('It was taken');
}

describe('a client written from the document alone', () => {
  it.each(vectors.epochs)('derives epoch $epoch', ({ epoch, keyCheck, joinProof, proofHash, messageKeyHex }) => {
    const derived = epochs.get(epoch);
    expect(derived).toMatchObject({ keyCheck, proof: joinProof, proofHash });
    expect(derived?.messageKey.toString('hex')).toBe(messageKeyHex);
  });

  it('gives members the ids of the vectors', () => {
    expect(members.map(({ memberId }) => memberId)).toEqual(vectors.members.map(({ memberId }) => memberId));
  });

  it.each(vectors.cards)('reads the card of $name', ({ memberId, epoch, name, sealed }) => {
    expect(openCard(epochs, memberId, sealed)).toMatchObject({ memberId, epoch, name });
  });

  it.each(vectors.contents)('reads $messageId', ({ memberId, messageId, content, sealed }) => {
    const json = JSON.parse(content) as { kind: string };
    const read = readMessage(epochs, { roomId, memberId, messageId, field: 'content' }, sealed, cardOf(memberId).sign);
    expect(read).toEqual(json.kind === 'a kind of a later version' ? null : json);
  });

  it.each(vectors.wraps)('opens a wrap for $to', ({ from, to, epoch, secret, wrap }) => {
    const opened = openWrap(keysOf(to).agree, cardOf(from).agree, { roomId, epoch, from, to }, wrap);
    expect(opened.toString('base64url')).toBe(secret);
  });

  it.each(vectors.whispers)('opens the whisper $content', ({ from, to, content, whisper }) => {
    const theirs = keysOf(from).agree;
    const opened = openWhisper(keysOf(to).agree, createPublicKey(theirs), { roomId, from, to }, whisper);
    expect(opened).toEqual(JSON.parse(content));
  });

  it.each(refused.whispers)('does not open a whisper $what', ({ whisper }) => {
    const [ann, bo] = vectors.members.map(({ memberId }) => memberId);
    const [from, to] = [ann ?? '', bo ?? ''];
    const read = () =>
      openWhisper(keysOf(to).agree, createPublicKey(keysOf(from).agree), { roomId, from, to }, whisper);
    expect(read).toThrow(Refused);
  });

  const [owner, reader] = members;
  if (owner === undefined || reader === undefined) throw new Error('The vectors lack members');
  const newest = epochs.get(0);
  if (newest === undefined) throw new Error('The vectors lack an epoch');
  const place = { roomId, epoch: epochChange.epoch, from: owner.memberId, to: reader.memberId };
  const wrap = Object.entries(epochChange.wraps).find(([memberId]) => memberId === reader.memberId)?.[1];
  const replacement = { ...epochChange, wrap, cursor: '0-0' };

  it('follows the new epoch', () => {
    const { next } = readReplacement({ roomId, keys: reader, newest }, cardOf(owner.memberId), replacement);
    expect(next.keyCheck).toBe(epochChange.keyCheck);
  });

  it.each(refused.contents)('refuses a message $what', ({ as, memberId, messageId, sealed }) => {
    const { sign } = cardOf(memberId);
    const read = () =>
      readMessage(as === 'unopened' ? epochs : first, { roomId, memberId, messageId, field: 'content' }, sealed, sign);
    expect(found(read)).toEqual(foundFor(as));
  });

  it.each(refused.cards)('refuses a card $what', ({ as, memberId, sealed }) => {
    expect(found(() => openCard(first, memberId, sealed))).toEqual(foundFor(as));
  });

  it.each(refused.previous)('does not follow an epoch with a `previous` $what', ({ previous }) => {
    const read = () =>
      readReplacement({ roomId, keys: reader, newest }, cardOf(owner.memberId), { ...replacement, previous });
    expect(found(read)).toHaveProperty('found');
  });

  it.each(refused.wraps)('opens no wrap $what', ({ wrap: other }) => {
    const read = () => openWrap(reader.agree, cardOf(owner.memberId).agree, place, other);
    expect(found(read)).toEqual(foundFor('unopened'));
  });
});
