import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCard, sealCard } from '@/crypto/card';
import { followEpoch } from '@/crypto/epoch-change';
import { readFragment, type RoomSecret } from '@/crypto/fragment';
import { exportRaw, importPublicKeys, memberIdOf } from '@/crypto/identity';
import { memberMark } from '@/crypto/member-mark';
import { makeEpoch } from '@/crypto/new-epoch';
import { deriveJoinProof, deriveRoomKeys, hashProof } from '@/crypto/room-keys';
import { openSigned, sealSigned } from '@/crypto/sealed-string';
import { unwrapSecret, wrapSecret } from '@/crypto/wraps';
import { openWhisper, readExchangeKey, sealWhisper } from '@/crypto/whispers';
import { messageIdSchema } from '@/domain/message';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { keyCheckSchema } from '@/domain/sealed';
import { readWhispered } from '@/session/private-talk/whispered';
import { identityOf, joinAs, ringOf } from '@tests/support/room-members';
import * as reference from '@tests/support/sealing-reference.mjs';
import { makeVectors, VECTORS_FILE } from '@tests/support/sealing-vectors.mjs';

const vectors = makeVectors();
const roomId = roomIdSchema.parse(vectors.roomId);

function secretOf(text: string): RoomSecret {
  const secret = readFragment(text);
  if (secret === 'missing' || secret === 'malformed') throw new Error(`not a secret: ${text}`);
  return secret;
}

function found<Entry>(entry: Entry | null | undefined): Entry {
  if (entry === null || entry === undefined) throw new Error('not in the vectors');
  return entry;
}
const theirMembers = vectors.members.map(({ signPrivate, agreePrivate }) =>
  reference.makeMember(reference.toBytes(signPrivate), reference.toBytes(agreePrivate)),
);
const theirMember = (memberId: string) => found(theirMembers.find((one) => one.memberId === memberId));
const theirEpoch = (epoch: number) => reference.deriveEpoch(found(vectors.epochs[epoch]).secret, epoch);
const keys = await Promise.all(vectors.epochs.map(({ secret, epoch }) => deriveRoomKeys(secretOf(secret), epoch)));
const ring = ringOf(...keys);
const keysOf = (epoch: number) => found(keys[epoch]);
const members = await Promise.all(
  theirMembers.map(async (member, index) => joinAs(keysOf(0), `Member ${index}`, await identityOf(member))),
);
const memberOf = (memberId: string) => found(members.find((one) => one.memberId === memberId));
const [ann, bo] = [found(members[0]), found(members[1])];

const whisperPlace = ({ from, to }: { from: string; to: string }) => ({
  roomId,
  from: memberIdSchema.parse(from),
  to: memberIdSchema.parse(to),
});
const halvesOf = (own: string, other: string) => ({
  privateKey: memberOf(own).identity.agree.privateKey,
  publicKey: memberOf(other).card.keys.agree,
});
const pairOf = (secret: string) =>
  reference.makeMember(reference.toBytes(found(vectors.members[0]).signPrivate), reference.toBytes(secret));
const theirAsked = pairOf(vectors.plainWhispers.askedPrivate);
const theirAnswered = pairOf(vectors.plainWhispers.answeredPrivate);
const halvesOfExchange = async (own: reference.Member, other: reference.Member) => ({
  privateKey: (await identityOf(own)).agree.privateKey,
  publicKey: (await identityOf(other)).agree.publicKey,
});

const contentAt = ({ memberId, messageId }: { memberId: string; messageId: string }) =>
  ({
    field: 'content',
    roomId,
    memberId: memberIdSchema.parse(memberId),
    messageId: messageIdSchema.parse(messageId),
  }) as const;

it('the vectors of docs/sealing.md are those that the reference makes', () => {
  expect(JSON.parse(readFileSync(VECTORS_FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(vectors)));
});

it('the reference signs as RFC 6979 says, appendix A.2.5', () => {
  const key = Buffer.from('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'hex');
  expect(reference.sign(key, Buffer.from('sample')).toString('hex')).toBe(
    'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  );
});

describe('what the reference made', () => {
  it.each(vectors.epochs)('is derived alike in epoch $epoch', async (one) => {
    const secret = secretOf(one.secret);
    const { keyCheck, phraseBytes } = await deriveRoomKeys(secret, one.epoch);
    const joinProof = await deriveJoinProof(secret);
    expect({ keyCheck, phraseHex: Buffer.from(phraseBytes).toString('hex'), joinProof }).toMatchObject({
      keyCheck: one.keyCheck,
      phraseHex: one.phraseHex,
      joinProof: one.joinProof,
    });
    expect(await hashProof(joinProof)).toBe(one.proofHash);
  });

  it.each(vectors.members)('makes the same id and mark of the keys of $memberId', async (one) => {
    const raw = {
      sign: new Uint8Array(reference.toBytes(one.sign)),
      agree: new Uint8Array(reference.toBytes(one.agree)),
    };
    const memberId = await memberIdOf(raw);
    expect(memberId).toBe(one.memberId);
    expect(Buffer.from(await memberMark(roomId, memberId)).toString('hex')).toBe(one.markHex);
    const imported = found(await importPublicKeys(raw));
    expect(await exportRaw(imported.sign)).toEqual(raw.sign);
    expect(await exportRaw(imported.agree)).toEqual(raw.agree);
  });

  it.each(vectors.cards)('opens as the card of $name', async ({ epoch, memberId, name, sealed }) => {
    const opened = await openCard(ring, memberIdSchema.parse(memberId), sealed);
    expect(opened).toMatchObject({ kind: 'opened', card: { memberId, epoch, name } });
  });

  it.each(vectors.contents)('opens as the content $messageId', async ({ epoch, content, sealed, ...at }) => {
    const opened = await openSigned(ring, contentAt(at), sealed, memberOf(at.memberId).card.keys.sign);
    expect(opened).toEqual({ kind: 'opened', epoch, json: content });
  });

  it.each(vectors.wraps)('is unwrapped by $to', async ({ epoch, from, to, secret, wrap }) => {
    const place = { roomId, epoch, from: memberIdSchema.parse(from), to: memberIdSchema.parse(to) };
    const { privateKey } = memberOf(to).identity.agree;
    expect(await unwrapSecret(place, privateKey, memberOf(from).card.keys.agree, wrap)).toBe(secret);
  });

  it('is followed to the next epoch', async () => {
    const { epoch, keyCheck, previous, wraps } = vectors.epochChange;
    const reported = { epoch, keyCheck: keyCheckSchema.parse(keyCheck), previous, wrap: wraps[bo.memberId] };
    const followed = await followEpoch({ roomId, identity: bo.identity, keys: keysOf(0) }, ann.card, reported);
    if (followed.kind !== 'followed') throw new Error(followed.reason);
    expect(followed.known.keys).toMatchObject({ epoch: 1, secret: keysOf(1).secret });
    const { members: listed, removed } = followed.known;
    expect({ secret: keysOf(0).secret, members: listed, removed }).toEqual(JSON.parse(vectors.epochChange.content));
  });

  it.each(vectors.whispers)('is heard as the whisper $content', async ({ content, whisper, ...place }) => {
    expect(reference.hear(place, theirMember(place.to), theirMember(place.from).agree, whisper)).toBe(content);
    expect(await openWhisper(whisperPlace(place), halvesOf(place.to, place.from), whisper)).toBe(content);
    expect(readWhispered(content)).toEqual(JSON.parse(content));
  });

  it('is a key of an exchange', async () => {
    const { asked, answered, ask, key } = vectors.plainWhispers;
    expect([ask, key]).toEqual([`ask.${asked}`, `key.${asked}.${answered}`]);
    for (const spelled of [asked, answered]) {
      expect(Buffer.from(await exportRaw(found(await readExchangeKey(spelled)))).toString('base64url')).toBe(spelled);
    }
  });

  it.each(vectors.plainWhispers.sealed)('is heard in a plain room as $content', async ({ content, text, ...place }) => {
    const { asked, answered } = vectors.plainWhispers;
    const sealed = text.slice(`sealed.${asked}.`.length);
    const isOfAnswerer = place.from === found(vectors.plainWhispers.sealed[1]).from;
    const [own, other] = isOfAnswerer ? [theirAsked, theirAnswered] : [theirAnswered, theirAsked];
    expect(reference.hearPlain({ roomId, ...place, asked, answered }, own, other.agree, sealed)).toBe(content);
    const halves = await halvesOfExchange(own, other);
    expect(await openWhisper(whisperPlace(place), halves, sealed, { asked, answered })).toBe(content);
  });
});

describe('what the page makes', () => {
  it.each(vectors.cards)('is to the reference the card of $name', async ({ epoch, memberId, name }) => {
    const sealed = await sealCard(keysOf(epoch), memberOf(memberId).identity, name);
    const place = { roomId: '-', memberId, messageId: '-', field: 'card' };
    const { sign, agree } = theirMember(memberId);
    expect(JSON.parse(reference.open(theirEpoch(epoch), place, sign, sealed))).toEqual({
      name,
      sign: reference.toText(sign),
      agree: reference.toText(agree),
    });
  });

  it.each(vectors.contents)('is to the reference the content $messageId', async ({ epoch, content, sealed, ...at }) => {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null) throw new Error('not an object');
    const ours = await sealSigned(keysOf(epoch), contentAt(at), memberOf(at.memberId).identity.sign.privateKey, value);
    const place = { roomId, memberId: at.memberId, messageId: at.messageId, field: 'content' };
    expect(JSON.parse(reference.open(theirEpoch(epoch), place, theirMember(at.memberId).sign, ours))).toEqual(value);
    expect(ours).toHaveLength(sealed.length);
  });

  it.each(vectors.wraps)('is unwrapped by $to on the reference', async ({ epoch, from, to, secret }) => {
    const place = { roomId, epoch, from: memberIdSchema.parse(from), to: memberIdSchema.parse(to) };
    const { privateKey } = memberOf(from).identity.agree;
    const ours = await wrapSecret(place, privateKey, memberOf(to).card.keys.agree, secretOf(secret));
    expect(reference.unwrap(place, theirMember(to), theirMember(from).agree, ours)).toBe(secret);
  });

  it.each(vectors.whispers)('is to the reference the whisper $content', async ({ content, whisper, ...place }) => {
    const said = found(readWhispered(content));
    const ours = await sealWhisper(whisperPlace(place), halvesOf(place.from, place.to), said);
    const heard = reference.hear(place, theirMember(place.to), theirMember(place.from).agree, ours);
    expect(JSON.parse(heard)).toEqual(said);
    expect(ours).toHaveLength(whisper.length);
  });

  it('is to the reference a whisper in a plain room', async () => {
    const { asked, answered, sealed } = vectors.plainWhispers;
    const { from, to, content } = found(sealed[0]);
    const said = found(readWhispered(content));
    const halves = await halvesOfExchange(theirAsked, theirAnswered);
    const ours = await sealWhisper(whisperPlace({ from, to }), halves, said, { asked, answered });
    const place = { roomId, from, to, asked, answered };
    expect(JSON.parse(reference.hearPlain(place, theirAnswered, theirAsked.agree, ours))).toEqual(said);
  });

  it('is no whisper when it is longer than all whispers are', async () => {
    const place = whisperPlace({ from: ann.memberId, to: bo.memberId });
    const sealed = sealWhisper(place, halvesOf(ann.memberId, bo.memberId), { said: 'x'.repeat(501) });
    await expect(sealed).rejects.toThrow(RangeError);
  });

  it('is to the reference a new epoch', async () => {
    const cy = found(members[2]);
    const others = [{ memberId: bo.memberId, agree: bo.card.keys.agree }];
    const { request, keys: next } = await makeEpoch({ roomId, identity: ann.identity, keys: keysOf(0) }, others, [
      cy.memberId,
    ]);
    const theirs = reference.deriveEpoch(next.secret, 1);
    expect(request).toMatchObject({ epoch: 1, keyCheck: theirs.keyCheck, proofHash: theirs.proofHash });
    for (const { memberId } of [ann, bo]) {
      const place = { roomId, epoch: 1, from: ann.memberId, to: memberId };
      const wrap = request.wraps[memberId] ?? '';
      expect(reference.unwrap(place, theirMember(memberId), theirMember(ann.memberId).agree, wrap)).toBe(next.secret);
    }
    const place = { roomId, memberId: ann.memberId, messageId: '-', field: 'previous' };
    expect(JSON.parse(reference.open(theirs, place, theirMember(ann.memberId).sign, request.previous))).toEqual({
      secret: keysOf(0).secret,
      members: [ann.memberId, bo.memberId],
      removed: [cy.memberId],
    });
  });
});

describe('what a reader has to refuse', () => {
  it.each(vectors.refused.contents)('is a content $what', async ({ as, memberId, messageId, sealed = '' }) => {
    const place = contentAt({ memberId, messageId });
    expect((await openSigned(ring, place, sealed, memberOf(memberId).card.keys.sign)).kind).toBe(as);
  });

  it.each(vectors.refused.cards)('is a card $what', async ({ as, memberId, sealed }) => {
    expect((await openCard(ring, memberIdSchema.parse(memberId), sealed)).kind).toBe(as);
  });

  it.each(vectors.refused.previous)('is a previous $what', async ({ as, previous }) => {
    const { epoch, keyCheck, wraps } = vectors.epochChange;
    const reported = { epoch, keyCheck: keyCheckSchema.parse(keyCheck), previous, wrap: wraps[bo.memberId] };
    const standing = { roomId, identity: bo.identity, keys: keysOf(0) };
    expect(await followEpoch(standing, ann.card, reported)).toEqual({ kind: 'refused', reason: as });
  });

  it.each(vectors.refused.wraps)('is a wrap $what', async ({ wrap }) => {
    const place = { roomId, epoch: 1, from: ann.memberId, to: bo.memberId };
    expect(await unwrapSecret(place, bo.identity.agree.privateKey, ann.card.keys.agree, wrap)).toBeNull();
  });

  it.each(vectors.refused.whispers)('is a whisper $what', async ({ whisper = '' }) => {
    const place = whisperPlace({ from: ann.memberId, to: bo.memberId });
    expect(await openWhisper(place, halvesOf(bo.memberId, ann.memberId), whisper)).toBeNull();
  });

  it('is a key of an exchange that is no point', async () => {
    const point = Buffer.from(found(vectors.members[0]).agree, 'base64url');
    const offCurve = Buffer.from(point);
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    const compressed = Buffer.concat([Buffer.from([2]), point.subarray(1, 33)]);
    const atInfinity = Buffer.concat([Buffer.from([4]), Buffer.alloc(64)]);
    for (const bytes of [offCurve, compressed, atInfinity]) {
      expect(await readExchangeKey(bytes.toString('base64url'))).toBeNull();
    }
    expect(await readExchangeKey('')).toBeNull();
    expect(await readExchangeKey(`${vectors.plainWhispers.asked}A`)).toBeNull();
  });
});
