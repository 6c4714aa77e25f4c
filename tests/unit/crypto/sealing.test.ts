import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as z from 'zod';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromBase64url, toBase64url } from '@/crypto/base64url';
import { makeSecret, readFragment, roomPath, type RoomSecret } from '@/crypto/fragment';
import { PHRASE_WORDS, phraseOf } from '@/crypto/phrase-words';
import { deriveRoomKeys, seal, unseal, type SealedPlace } from '@/crypto/sealing';
import { plainVoice, sealedVoice } from '@/crypto/voice';
import { SEALED_CHARACTERS_MAX, TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { plainTextFault } from '@/domain/message';
import { memberIdSchema, roomIdSchema } from '@/domain/room';

const vectorsSchema = z.object({
  keys: z.array(
    z.object({ key: z.string(), keyCheck: z.string(), messageKeyHex: z.string(), safetyPhrase: z.array(z.string()) }),
  ),
  sealed: z.array(
    z.object({
      key: z.number(),
      roomId: roomIdSchema,
      memberId: memberIdSchema,
      messageId: z.string(),
      field: z.enum(['sender', 'text', 'name']),
      plainText: z.string(),
      iv: z.string(),
      sealed: z.string(),
    }),
  ),
});
const document = readFileSync(new URL('version-1-vectors.json', import.meta.url), 'utf8');
const vectors = vectorsSchema.parse(JSON.parse(document));

function secretOf(text: string): RoomSecret {
  const secret = readFragment(text);
  if (secret === 'missing' || secret === 'malformed') throw new Error(`not a secret: ${text}`);
  return secret;
}

const place: SealedPlace = {
  roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
  memberId: memberIdSchema.parse('Member0123456789'),
  messageId: 'message-1',
  field: 'text',
};
const keys = await deriveRoomKeys(makeSecret());

afterEach(() => vi.restoreAllMocks());

describe('version 1, which the page still speaks', () => {
  it.each(vectors.keys)('derives the check and the phrase of key $key', async ({ key, keyCheck, safetyPhrase }) => {
    const derived = await deriveRoomKeys(secretOf(key));
    expect(derived.keyCheck).toBe(keyCheck);
    expect(phraseOf(derived.phraseBytes)).toEqual(safetyPhrase);
  });

  it.each(vectors.sealed)('opens and seals the $field of $messageId', async ({ key, plainText, iv, sealed, ...at }) => {
    const vectorKeys = await deriveRoomKeys(secretOf(vectors.keys[key]?.key ?? ''));
    expect(await unseal(vectorKeys, at, sealed)).toBe(plainText);
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      if (array instanceof Uint8Array) array.set(fromBase64url(iv));
      return array;
    });
    expect(await seal(vectorKeys, at, plainText)).toBe(sealed);
  });
});

describe('a sealed string', () => {
  it('gives back any text of up to 1,000 characters, whatever they are', async () => {
    const kinds = ['grapheme', 'binary', 'grapheme-composite'] as const;
    const text = fc.oneof(...kinds.map((unit) => fc.string({ unit, maxLength: TEXT_CHARACTERS_MAX })));
    const within = text.filter((candidate) => plainTextFault(`.${candidate}`, TEXT_CHARACTERS_MAX + 1) === null);
    await fc.assert(
      fc.asyncProperty(within, async (plain) => {
        const sealed = await seal(keys, place, plain);
        expect(sealed.length).toBeLessThanOrEqual(SEALED_CHARACTERS_MAX);
        expect(await unseal(keys, place, sealed)).toBe(plain);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['', '\u0000', '\uFEFFmarked', '\u0080', 'a\u0000\u0000', '"123"', 'null', '🦦'.repeat(1_000)])(
    'gives back %j unchanged',
    async (plain) => expect(await unseal(keys, place, await seal(keys, place, plain))).toBe(plain),
  );

  it('does not open once any bit of it is flipped', async () => {
    const [version = '', iv = '', ciphertext = ''] = (await seal(keys, place, 'Hello')).split('.');
    const parts = { iv: fromBase64url(iv), ciphertext: fromBase64url(ciphertext) };
    for (const part of [parts.iv, parts.ciphertext]) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const at = bit >> 3;
        const before = part[at] ?? 0;
        part[at] = before ^ (1 << (bit & 7));
        expect(
          await unseal(keys, place, `${version}.${toBase64url(parts.iv)}.${toBase64url(parts.ciphertext)}`),
        ).toBeNull();
        part[at] = before;
      }
    }
    expect(await unseal(keys, place, `${version}.${iv}.${ciphertext}`)).toBe('Hello');
  });

  it.each<[string, Partial<SealedPlace>]>([
    ['room', { roomId: roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S') }],
    ['member', { memberId: memberIdSchema.parse('AnotherMember000') }],
    ['message', { messageId: 'message-2' }],
    ['field', { field: 'sender' }],
  ])('does not open as that of another %s', async (_what, other) => {
    expect(await unseal(keys, { ...place, ...other }, await seal(keys, place, 'Hello'))).toBeNull();
  });

  it('does not open with another key', async () => {
    const others = await deriveRoomKeys(makeSecret());
    expect(await unseal(others, place, await seal(keys, place, 'Hello'))).toBeNull();
  });

  it.each([
    'Hello',
    '',
    'v1..',
    'v2.AAECAwQFBgcICQoL.AAAA',
    'v1.AAECAwQFBgcICQoL.A',
    `v1.AAECAwQFBgcICQoL.${'A'.repeat(9_000)}`,
  ])('is not opened from %j', async (forged) => expect(await unseal(keys, place, forged)).toBeNull());

  it('reveals only the step of its length', async () => {
    const lengthOf = async (bytes: number) => (await seal(keys, place, 'x'.repeat(bytes))).length;
    for (const [from, to] of [
      [0, 63],
      [64, 127],
      [128, 255],
      [2_048, 4_095],
    ] as const) {
      expect(await lengthOf(from)).toBe(await lengthOf(to));
      expect(await lengthOf(to + 1).catch(() => Infinity)).toBeGreaterThan(await lengthOf(to));
    }
  });

  it('is not made from a text that does not fit or would come back as another', async () => {
    await expect(seal(keys, place, 'x'.repeat(4_096))).rejects.toThrow(RangeError);
    await expect(seal(keys, place, 'lone \uD800 surrogate')).rejects.toThrow(TypeError);
  });

  it('never has an initialization vector twice in 100,000', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const sealed = await Promise.all(Array.from({ length: 1_000 }, () => seal(keys, place, 'x')));
      for (const one of sealed) seen.add(one.slice(3, 19));
    }
    expect(seen.size).toBe(100_000);
  }, 60_000);
});

describe('the key', () => {
  it('cannot be extracted', async () => {
    expect(keys.messageKey.extractable).toBe(false);
    for (const format of ['raw', 'jwk'] as const)
      await expect(crypto.subtle.exportKey(format, keys.messageKey)).rejects.toThrow();
  });

  it('comes back from the link it was put into', () => {
    const secret = makeSecret();
    const link = new URL(roomPath(place.roomId, secret), 'https://mayfly.example');
    expect(readFragment(link.hash)).toBe(secret);
    expect(link.pathname).toBe(`/room/${place.roomId}`);
  });

  it('never ends in a character that chat apps cut off a link', () => {
    for (let round = 0; round < 1_000; round += 1) expect(makeSecret()).toMatch(/[A-Za-z0-9]$/);
  });

  it.each(['', '#'])('is missing from %j', (hash) => expect(readFragment(hash)).toBe('missing'));

  it.each(['#abc', `#${'A'.repeat(42)}`, `#${'A'.repeat(44)}`, `#${'A'.repeat(42)}B`, `#${'A'.repeat(42)}=`])(
    'is not read from %j',
    (hash) => expect(readFragment(hash)).toBe('malformed'),
  );
});

describe('the safety phrase', () => {
  it('has 256 words to choose from, no emoji and no name twice', () => {
    const emoji = PHRASE_WORDS.map((word) => word.slice(0, word.indexOf(' ')));
    const names = PHRASE_WORDS.map((word) => word.slice(word.indexOf(' ') + 1));
    expect([new Set(emoji).size, new Set(names).size]).toEqual([256, 256]);
    for (const one of emoji) expect(one).toMatch(/^\p{Emoji_Presentation}$/u);
  });
});

describe('a voice', () => {
  it('of a sealed room only says things that others with the key can open', async () => {
    const voice = sealedVoice(keys);
    const said = await voice.say(place, 'Hello');
    expect(said).not.toContain('Hello');
    expect(await voice.hear(place, said)).toBe('Hello');
    expect(await voice.hear(place, 'Hello')).toBeNull();
  });

  it('that says plain text does not exist for a sealed room', () => {
    expect(() => plainVoice({ sealed: true })).toThrow(TypeError);
  });
});
