import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCard, sealCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { exportRaw, importPublicKeys, makeIdentity, memberIdOf } from '@/crypto/identity';
import { memberMark } from '@/crypto/member-mark';
import { deriveRoomKeys } from '@/crypto/room-keys';
import { sealSigned } from '@/crypto/sealed-string';
import { CARD_CHARACTERS_MAX, SENDER_CHARACTERS_MAX } from '@/domain/limits';
import { roomIdSchema } from '@/domain/room';
import { sealedCardSchema } from '@/domain/sealed';
import { joinAs, ringOf } from '@tests/support/room-members';
import { toText } from '@tests/support/sealing-reference.mjs';

const keys = await deriveRoomKeys(makeSecret(), 0);
const ring = ringOf(keys);
const ann = await joinAs(keys, 'Ann');
const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const rawOf = async ({ identity: { sign, agree } }: typeof ann) => ({
  sign: await exportRaw(sign.publicKey),
  agree: await exportRaw(agree.publicKey),
});

afterEach(() => vi.restoreAllMocks());

describe('an identity', () => {
  it('keeps its private halves to itself', async () => {
    for (const pair of [ann.identity.sign, ann.identity.agree]) {
      expect(pair.privateKey.extractable).toBe(false);
      for (const format of ['pkcs8', 'jwk'] as const)
        await expect(crypto.subtle.exportKey(format, pair.privateKey)).rejects.toThrow();
    }
  });

  it('can be stored and read again, and is the same member', async () => {
    const copy = structuredClone(ann.identity);
    const opened = await openCard(ring, ann.memberId, await sealCard(keys, copy, 'Ann'));
    expect(opened.kind).toBe('opened');
  });

  it('is another member whenever it is made, and when one of its keys is another', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await makeIdentity()).memberId));
    expect(new Set(ids).size).toBe(50);
    const raw = await rawOf(ann);
    const others = await rawOf(await joinAs(keys, 'Bo'));
    const mixed = [raw, { ...raw, sign: others.sign }, { ...raw, agree: others.agree }];
    mixed.push({ sign: raw.agree, agree: raw.sign });
    expect(new Set(await Promise.all(mixed.map(memberIdOf))).size).toBe(4);
  });

  it('takes no public key with a flipped bit, even from an engine that imports any bytes', async () => {
    const raw = await rawOf(ann);
    vi.spyOn(crypto.subtle, 'importKey').mockResolvedValue(ann.card.keys.sign);
    for (const which of ['sign', 'agree'] as const) {
      for (let bit = 0; bit < 65 * 8; bit += 1) {
        const flipped = raw[which].slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await importPublicKeys({ ...raw, [which]: flipped })).toBeNull();
      }
    }
    expect(await importPublicKeys(raw)).not.toBeNull();
  });

  it('takes no coordinate beyond the field, which would spell the same point twice', async () => {
    const raw = await rawOf(ann);
    // The point with x = 0 is on the curve; its y squared is the curve's constant.
    const y = '66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4';
    const p = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
    const pointOf = (x: string) => new Uint8Array(Buffer.from(`04${x}${y}`, 'hex'));
    expect(await importPublicKeys({ ...raw, agree: pointOf('0'.repeat(64)) })).not.toBeNull();
    vi.spyOn(crypto.subtle, 'importKey').mockResolvedValue(ann.card.keys.sign);
    expect(await importPublicKeys({ ...raw, agree: pointOf(p) })).toBeNull();
  });
});

describe('a card', () => {
  it('has one length, whatever the name', async () => {
    const names = ['A', 'Quiet Otter', '"'.repeat(SENDER_CHARACTERS_MAX), '🦦'.repeat(SENDER_CHARACTERS_MAX)];
    const cards = await Promise.all(names.map((name) => sealCard(keys, ann.identity, name)));
    expect(new Set(cards.map((card) => card.length))).toEqual(new Set([1_409]));
    for (const card of cards) expect(sealedCardSchema.safeParse(card).success).toBe(true);
    const last = await sealCard({ ...keys, epoch: 100 }, ann.identity, 'Ann');
    expect(last.length).toBeLessThanOrEqual(CARD_CHARACTERS_MAX);
  });

  it.each(['', ' ', 'two\nlines', 'x'.repeat(101), 'turned \u202e round', 'lone \ud800'])(
    'is not made with the name %j',
    async (name) => expect(sealCard(keys, ann.identity, name)).rejects.toThrow(TypeError),
  );

  it.each(['', 'two\nlines', 'x'.repeat(101), 'turned \u202e round'])(
    'with the name %j keeps its keys and has no name',
    async (name) => {
      const raw = await rawOf(ann);
      const card = { name, sign: toText(raw.sign), agree: toText(raw.agree) };
      const place = { field: 'card', memberId: ann.memberId } as const;
      const sealed = await sealSigned(keys, place, ann.identity.sign.privateKey, card);
      const opened = await openCard(ring, ann.memberId, sealed);
      expect(opened).toMatchObject({ kind: 'opened', card: { name: null, memberId: ann.memberId } });
    },
  );

  it('does not open at another seat, with another secret or as a content', async () => {
    const bo = await joinAs(keys, 'Bo');
    expect(await openCard(ring, bo.memberId, ann.sealedCard)).toEqual({ kind: 'unopened' });
    const others = ringOf(await deriveRoomKeys(makeSecret(), 0));
    expect(await openCard(others, ann.memberId, ann.sealedCard)).toEqual({ kind: 'unopened' });
    expect(await openCard(ringOf(), ann.memberId, ann.sealedCard)).toEqual({ kind: 'unknown-epoch', epoch: 0 });
  });

  it('is too long with more than 959 bytes', async () => {
    const place = { field: 'card', memberId: ann.memberId } as const;
    const ofBytes = (bytes: number) =>
      sealSigned(keys, place, ann.identity.sign.privateKey, { x: 'x'.repeat(bytes - 8) });
    expect(await ofBytes(959)).toHaveLength(1_409);
    await expect(ofBytes(960)).rejects.toThrow(RangeError);
  });
});

describe('a member’s mark', () => {
  it('is six bytes, and another one for another member and in another room', async () => {
    const bo = await joinAs(keys, 'Bo');
    const elsewhere = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');
    const marks = [
      await memberMark(roomId, ann.memberId),
      await memberMark(roomId, bo.memberId),
      await memberMark(elsewhere, ann.memberId),
    ].map((mark) => mark.join(' '));
    for (const mark of marks) expect(mark.split(' ')).toHaveLength(6);
    expect(new Set(marks).size).toBe(3);
  });
});
