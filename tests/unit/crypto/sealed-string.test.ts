import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromBase64url, toBase64url } from '@/crypto/base64url';
import { makeSecret, type RoomSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import { openSigned, sealSigned, type SealedPlace } from '@/crypto/sealed-string';
import { SEALED_CHARACTERS_MAX, SEALED_CONTENT_BYTES_MAX, TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { messageIdSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import { sealedSchema } from '@/domain/sealed';
import { joinAs, ringOf } from '@tests/support/room-members';

const secret = makeSecret();
const keys = await deriveRoomKeys(secret, 0);
const ring = ringOf(keys);
const ann = await joinAs(keys, 'Ann');
const bo = await joinAs(keys, 'Bo');
const place = {
  field: 'content',
  roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
  memberId: ann.memberId,
  messageId: messageIdSchema.parse('message-1'),
} as const;

const textOf = (text: string) => ({ kind: 'text', text });
const seal = (value: object, at: SealedPlace = place) => sealSigned(keys, at, ann.identity.sign.privateKey, value);
const open = (sealed: string, at: SealedPlace = place, usedRing = ring) =>
  openSigned(usedRing, at, sealed, ann.card.keys.sign);
const hello = await seal(textOf('Hello'));

afterEach(() => vi.restoreAllMocks());

describe('a sealed string', () => {
  it('gives back any content, whatever it holds', async () => {
    const kinds = ['grapheme', 'binary', 'grapheme-composite'] as const;
    const text = fc.oneof(...kinds.map((unit) => fc.string({ unit, maxLength: TEXT_CHARACTERS_MAX })));
    await fc.assert(
      fc.asyncProperty(text, async (any) => {
        const sealed = await seal(textOf(any));
        expect(sealedSchema.safeParse(sealed).success).toBe(true);
        expect(await open(sealed)).toEqual({ kind: 'opened', epoch: 0, json: JSON.stringify(textOf(any)) });
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('does not open once any bit of it is flipped', async () => {
    const [, , ...parts] = hello.split('.');
    const bytes = parts.map((part) => fromBase64url(part));
    const kinds = new Set<string>();
    for (const part of bytes) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const at = bit >> 3;
        const before = part[at] ?? 0;
        part[at] = before ^ (1 << (bit & 7));
        kinds.add((await open(`v2.0.${bytes.map(toBase64url).join('.')}`)).kind);
        part[at] = before;
      }
    }
    expect([...kinds]).toEqual(['unopened']);
    expect((await open(`v2.0.${bytes.map(toBase64url).join('.')}`)).kind).toBe('opened');
  }, 60_000);

  it.each<[string, SealedPlace]>([
    ['room', { ...place, roomId: roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S') }],
    ['member', { ...place, memberId: bo.memberId }],
    ['message', { ...place, messageId: messageIdSchema.parse('message-2') }],
    ['field', { field: 'previous', roomId: place.roomId, memberId: ann.memberId }],
  ])('does not open as that of another %s', async (_what, other) => {
    expect(await open(hello, other)).toEqual({ kind: 'unopened' });
  });

  it('does not open with another secret, nor with its own under another epoch', async () => {
    const others = ringOf(await deriveRoomKeys(makeSecret(), 0));
    expect(await open(hello, place, others)).toEqual({ kind: 'unopened' });
    const moved = ringOf(await deriveRoomKeys(secret, 1));
    expect(await open(hello, place, moved)).toEqual({ kind: 'unknown-epoch', epoch: 0 });
    expect(await open(hello.replace('v2.0', 'v2.1'), place, moved)).toEqual({ kind: 'unopened' });
  });

  it('of another author is not verified, and its text is not given', async () => {
    const forged = await sealSigned(keys, place, bo.identity.sign.privateKey, textOf('Not what Ann said'));
    expect(await open(forged)).toEqual({ kind: 'unverified' });
  });

  it.each([
    'Hello',
    '',
    'v2.0..',
    'v2.0.AAECAwQFBgcICQoL.AAAA',
    hello.replace('v2.', 'v3.'),
    hello.replace('v2.0', 'v2.1000'),
    hello.replace('v2.0', 'v2.-1'),
    `${hello}A`,
    `${hello}=`,
    `${hello} `,
    `${hello}.AAAA`,
    `v2.0.AAECAwQFBgcICQoL.${'A'.repeat(50_000)}`,
  ])('is not read from %j', async (forged) => expect(await open(forged)).toEqual({ kind: 'malformed' }));

  it('has one spelling: other characters for the same bytes are refused', async () => {
    // 256 padded bytes and a tag leave the last character two bits that belong to no byte.
    const longer = await seal(textOf('x'.repeat(60)));
    const last = longer.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameBytes = alphabet.charAt(alphabet.indexOf(last) + 1);
    const bytesOf = (text: string) => Buffer.from(text.split('.').at(-1) ?? '', 'base64url');
    expect(bytesOf(longer.slice(0, -1) + sameBytes)).toEqual(bytesOf(longer));
    expect((await open(longer)).kind).toBe('opened');
    expect(await open(longer.slice(0, -1) + sameBytes)).toEqual({ kind: 'malformed' });
  });

  it('reveals only the step of its length', async () => {
    const lengthOf = async (bytes: number) => (await seal(textOf('x'.repeat(bytes - 25)))).length;
    for (const [from, to] of [
      [25, 63],
      [64, 191],
      [192, 447],
      [16_320, SEALED_CONTENT_BYTES_MAX],
    ] as const) {
      expect(await lengthOf(from)).toBe(await lengthOf(to));
      expect(await lengthOf(to + 1).catch(() => Infinity)).toBeGreaterThan(await lengthOf(to));
    }
    expect(await lengthOf(SEALED_CONTENT_BYTES_MAX)).toBeLessThanOrEqual(SEALED_CHARACTERS_MAX);
  });

  it('holds at most 32,703 bytes', async () => {
    await expect(seal(textOf('x'.repeat(SEALED_CONTENT_BYTES_MAX - 24)))).rejects.toThrow(RangeError);
  });

  it('of a short text takes 214 characters', () => expect(hello).toHaveLength(214));

  it('never has an initialization vector twice in 10,000', async () => {
    const sealed = await Promise.all(Array.from({ length: 10_000 }, () => seal({})));
    expect(new Set(sealed.map((one) => one.slice(5, 21))).size).toBe(10_000);
  }, 60_000);

  it('is not made or opened with keys that are for something else', async () => {
    const wrong = { ...keys, messageKey: ann.identity.agree.privateKey };
    await expect(sealSigned(wrong, place, ann.identity.sign.privateKey, {})).rejects.toThrow();
    await expect(open(hello, place, ringOf(wrong))).rejects.toThrow();
    await expect(openSigned(ring, place, hello, ann.card.keys.agree)).rejects.toThrow();
  });

  it('is not verified when an engine refuses its signature with an error', async () => {
    vi.spyOn(crypto.subtle, 'verify').mockRejectedValueOnce(new DOMException('', 'OperationError'));
    expect(await open(hello)).toEqual({ kind: 'unverified' });
  });

  it('opens the same, one at a time and hundreds at once', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => textOf(`Message ${index}`));
    const sealed = await Promise.all(texts.map((value) => seal(value)));
    const opened = await Promise.all(sealed.map((one) => open(one)));
    expect(opened).toEqual(texts.map((value) => ({ kind: 'opened', epoch: 0, json: JSON.stringify(value) })));
  });
});

describe('the keys of a room', () => {
  it('cannot be extracted', async () => {
    for (const format of ['raw', 'jwk'] as const)
      await expect(crypto.subtle.exportKey(format, keys.messageKey)).rejects.toThrow();
  });

  it('differ in every value from those of another secret', async () => {
    const values = async (one: RoomSecret) => {
      const { keyCheck, phraseBytes } = await deriveRoomKeys(one, 0);
      return [keyCheck, toBase64url(phraseBytes)];
    };
    const [check, phrase] = await values(secret);
    const [otherCheck, otherPhrase] = await values(makeSecret());
    expect([otherCheck === check, otherPhrase === phrase]).toEqual([false, false]);
  });
});
