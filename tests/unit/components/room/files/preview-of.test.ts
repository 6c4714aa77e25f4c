import { describe, expect, it } from 'vitest';
import { fileCardSchema } from '@/domain/file-card';
import { previewOf as shownOf } from '@/components/room/files/preview-of';
import { sharedFileOf } from '@/session/files/shared-file';
import { ascii, chunk, frameOf, joined, PNG_HEAD, riffChunk, riffOf, segment, SOI } from '@tests/support/pictures';

const jpeg = (width: number, height: number) => joined(SOI, segment(0xc0, frameOf(width, height)));
/** Thirty bytes that say 16,383 × 16,383. */
const bomb = riffOf(riffChunk('VP8 ', Uint8Array.of(0, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f)));
const moving = joined(PNG_HEAD, chunk('IHDR', '\0\0\0\x09\0\0\0\x09five.'), chunk('acTL', 'two frames'));

function previewOf(bytes: Uint8Array, type = 'image/png'): string | undefined {
  const card = fileCardSchema.parse({
    fileId: 'A'.repeat(22),
    name: 'photo.jpg',
    type: 'image/jpeg',
    key: 'A'.repeat(43),
    hash: 'A'.repeat(43),
    size: 1,
    bytes: 29,
    pieces: 1,
    preview: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`,
  });
  const file = sharedFileOf(card);
  expect(file).toMatchObject({ name: 'photo.jpg', size: 1 });
  return shownOf(file);
}

describe('the preview in a card', () => {
  it('is shown where it is small, and stands still', () => {
    expect(previewOf(jpeg(512, 512), 'image/jpeg')).toMatch(/^data:image\/jpeg/);
  });

  it.each([
    ['claims a gigabyte of pixels', bomb],
    ['is wider than a preview', jpeg(513, 8)],
    ['is higher than a preview', jpeg(8, 513)],
    ['moves', moving],
    ['is a GIF that calls itself a PNG', ascii('GIF89a\x09\0\x09\0')],
    ['is an SVG that calls itself a PNG', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['says nothing', new Uint8Array(1)],
  ])('is left out of it where it %s', (_what, bytes) => {
    expect(previewOf(bytes)).toBeUndefined();
  });

  it('is left out where it is not base64', () => {
    const card = { fileId: 'A'.repeat(22), name: 'a', type: '', key: 'A', hash: 'A', size: 1, bytes: 29, pieces: 1 };
    const preview = 'data:image/png;base64,=_=';
    expect(shownOf(sharedFileOf({ ...card, preview } as never))).toBeUndefined();
  });
});
