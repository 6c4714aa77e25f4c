import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '@/crypto/base64url';
import {
  digestOf,
  hashOfAll,
  importFileKey,
  makeFileKey,
  makePieceIv,
  openPiece,
  pieceSizes,
  sealPiece,
} from '@/crypto/sealed-file';
import { fileIdSchema } from '@/domain/file';
import { planSealed } from '@/domain/file-card';
import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { roomIdSchema } from '@/domain/room';
import { padme } from '@/lib/padme';
import { makeVectors } from '@tests/support/sealing-vectors.mjs';

const vectors = makeVectors();
const roomId = roomIdSchema.parse(vectors.roomId);
const contentOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => at % 251);

/** The pieces of a file, sealed by the page with the vectors that the reference used. */
async function sealAll({ card, ivs }: (typeof vectors.files)[number]) {
  const key = await importFileKey(card.key);
  const content = contentOf(card.size);
  return Promise.all(
    ivs.map((iv, index) => {
      const plain = new Uint8Array(pieceSizes(card.size, index).padded);
      plain.set(content.subarray(index * FILE_PIECE_BYTES, (index + 1) * FILE_PIECE_BYTES));
      const place = { roomId, fileId: fileIdSchema.parse(card.fileId), index, isLast: index === card.pieces - 1 };
      return sealPiece(key, place, fromBase64url(iv), plain);
    }),
  );
}

describe('the files of the vectors', () => {
  it.each(vectors.paddedSizes)('of $size bytes are padded to $padded', ({ size, padded }) => {
    expect(padme(size)).toBe(padded);
  });

  it.each(vectors.files)('are sealed to the same pieces and the same hash: $card.size bytes', async (file) => {
    const sealed = await sealAll(file);
    expect(planSealed(file.card.size)).toEqual({ bytes: file.card.bytes, pieces: file.card.pieces });
    const digests = await Promise.all(sealed.map(digestOf));
    expect(digests.map(toBase64url)).toEqual(file.digests);
    expect(await hashOfAll(digests)).toBe(file.card.hash);
    if (file.sealed.length > 0) expect(sealed.map(toBase64url)).toEqual(file.sealed);
  });

  it.each(vectors.refused.pieces)('are not opened with a piece $what', async ({ piece }) => {
    const [, file] = vectors.files;
    if (file === undefined) throw new Error('not in the vectors');
    const place = { roomId, fileId: fileIdSchema.parse(file.card.fileId), index: 0, isLast: true };
    const key = await importFileKey(file.card.key);
    expect(await openPiece(key, place, fromBase64url(file.sealed[0] ?? ''))).toHaveLength(padme(100));
    expect(await openPiece(key, place, fromBase64url(piece))).toBeNull();
  });
});

describe('a piece', () => {
  it('opens at its own place and nowhere else', async () => {
    const key = await importFileKey(makeFileKey());
    const place = fc.record({
      roomId: fc.constantFrom(roomId, roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S')),
      fileId: fc.constantFrom('Ff5Gg6Hh7Ii8Jj9Kk0Ll1M', 'Nn2Oo3Pp4Qq5Rr6Ss7Tt8U').map((id) => fileIdSchema.parse(id)),
      index: fc.nat(11),
      isLast: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(place, place, fc.uint8Array({ minLength: 1, maxLength: 64 }), async (from, to, bytes) => {
        const content = Uint8Array.from(bytes);
        const opened = await openPiece(key, to, await sealPiece(key, from, makePieceIv(), content));
        expect(opened).toEqual(JSON.stringify(from) === JSON.stringify(to) ? content : null);
      }),
    );
  });

  it('is one of a plan that holds the file: sizes add up, and at most 12 percent is padding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000_000 }), (size) => {
        const { bytes, pieces } = planSealed(size);
        const sizes = Array.from({ length: pieces }, (_, index) => pieceSizes(size, index));
        const padded = sizes.reduce((sum, one) => sum + one.padded, 0);
        expect(sizes.reduce((sum, { own }) => sum + own, 0)).toBe(size);
        expect(padded + pieces * FILE_PIECE_SEAL_BYTES).toBe(bytes);
        expect(padded).toBeLessThanOrEqual(Math.ceil(size * 1.12));
        expect(sizes.slice(0, -1).every((one) => one.padded === FILE_PIECE_BYTES)).toBe(true);
      }),
    );
  });
});
