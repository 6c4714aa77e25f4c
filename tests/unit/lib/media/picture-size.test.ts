import { describe, expect, it } from 'vitest';
import { pictureSizeIn } from '@/lib/media/picture-size';
import { wholePictureSizeIn } from '@/lib/media/whole-picture-size';
import { ascii, chunk, EOI, frameOf, joined, PNG_HEAD, riffChunk, riffOf, segment, SOI } from '@tests/support/pictures';

const number = (value: number, bytes: number, isLittle = false) => {
  const all = Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256);
  return isLittle ? all.reverse() : all;
};
const ihdr = (width: number, height: number) => chunk('IHDR', number(width, 4), number(height, 4), 'five.');
const canvas = (flags: number, width: number, height: number) =>
  riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0), number(width - 1, 3, true), number(height - 1, 3, true));
const lossy = (width: number, height: number) =>
  riffChunk('VP8 ', Uint8Array.of(0, 0, 0, 0x9d, 1, 0x2a), number(width, 2, true), number(height, 2, true));
const lossless = (width: number, height: number) =>
  riffChunk('VP8L', Uint8Array.of(0x2f), number(width - 1 + (height - 1) * 2 ** 14, 4, true));
const box = (type: string, ...data: readonly (Uint8Array | string)[]) => {
  const body = joined(...data);
  return joined(number(body.length + 8, 4), type, body);
};
const ispe = (width: number, height: number) => box('ispe', '\0\0\0\0', number(width, 4), number(height, 4));
const meta = (...boxes: Uint8Array[]) =>
  box('meta', '\0\0\0\0', box('hdlr', 'pict'), box('iprp', box('ipco', box('av1C', 'x'), ...boxes)));
const ftyp = box('ftyp', 'avif\0\0\0\0avifmif1');
const gif = (screen: readonly [number, number], frame: readonly [number, number]) =>
  joined(
    'GIF89a',
    ...screen.map((side) => number(side, 2, true)),
    Uint8Array.of(0x80, 0, 0),
    'colour',
    Uint8Array.of(0x21, 0xfe, 2, 0x2c, 0x2c, 0, 0x21, 0xf9, 4, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0),
    ...frame.map((side) => number(side, 2, true)),
    '.',
  );

describe('the first bytes of a picture', () => {
  it.each([
    ['JPEG', joined(SOI, segment(0xe0, 'JFIF'), segment(0xc4, 'huffman'), segment(0xc0, frameOf(640, 480)), EOI)],
    ['JPEG with bytes that fill', joined(SOI, Uint8Array.of(0xff, 0xff), segment(0xc2, frameOf(640, 480)))],
    ['PNG', joined(PNG_HEAD, ihdr(640, 480), chunk('IDAT', 'pixels'), chunk('acTL', 'too late'))],
    ['WebP of one chunk', riffOf(lossy(640, 480))],
    ['WebP without loss', riffOf(lossless(640, 480))],
    ['WebP with more chunks', riffOf(canvas(0x10, 640, 480), riffChunk('ICCP', 'odd'), lossy(640, 480))],
  ])('say how large a %s is', (_what, bytes) => {
    expect(pictureSizeIn(bytes)).toEqual({ width: 640, height: 480, isMoving: false });
  });

  it.each([
    ['PNG', joined(PNG_HEAD, ihdr(9, 9), chunk('acTL', 'two frames'), chunk('IDAT'))],
    ['WebP', riffOf(canvas(0x02, 9, 9), riffChunk('ANMF', 'a frame'))],
    ['WebP that does not say so in front', riffOf(lossless(9, 9), riffChunk('ANIM', 'forever'))],
  ])('say that a %s moves', (_what, bytes) => {
    expect(pictureSizeIn(bytes)?.isMoving).toBe(true);
  });

  it('count what is painted, not the canvas alone', () => {
    expect(pictureSizeIn(riffOf(canvas(0, 9, 9), lossless(16_383, 16_384)))).toMatchObject({
      width: 16_383,
      height: 16_384,
    });
    expect(pictureSizeIn(riffOf(canvas(0, 16_777_216, 2)))).toMatchObject({ width: 16_777_216 });
  });

  it.each([
    ['a GIF', gif([9, 9], [9, 9])],
    ['an SVG', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['nothing', new Uint8Array()],
    ['a JPEG whose size is to come later', joined(SOI, segment(0xc0, frameOf(640, 0)))],
    ['a JPEG that begins with a scan', joined(SOI, segment(0xda, 'scan'), segment(0xc0, frameOf(9, 9)))],
    ['a JPEG of bytes between its segments', joined(SOI, segment(0xe0, 'JFIF'), 'x', segment(0xc0, frameOf(9, 9)))],
    [
      'a JPEG whose segment ends before it begins',
      joined(SOI, Uint8Array.of(0xff, 0xe0, 0, 0), segment(0xc0, frameOf(9, 9))),
    ],
    ['a PNG whose head is not the first', joined(PNG_HEAD, chunk('gAMA', 'gama'), ihdr(9, 9))],
    ['a WebP without a picture', riffOf(riffChunk('EXIF', 'nothing else'))],
  ])('say nothing of %s', (_what, bytes) => {
    expect(pictureSizeIn(bytes)).toBeNull();
  });

  it.each([
    ['GIF', 'image/gif', gif([640, 480], [10, 10])],
    ['GIF whose first picture is larger', 'image/gif', gif([1, 1], [640, 480])],
    ['AVIF', 'image/avif', joined(ftyp, meta(ispe(10, 10), ispe(640, 480)), box('mdat', 'pixels'))],
    [
      'AVIF that moves',
      'image/avif',
      joined(ftyp, box('moov', box('trak', box('tkhd', '....', number(640, 2), '\0\0', number(480, 2), '\0\0')))),
    ],
    ['PNG', 'image/png', joined(PNG_HEAD, ihdr(640, 480))],
  ] as const)('say how large a whole %s is', (_what, type, bytes) => {
    expect(wholePictureSizeIn(bytes, type)).toMatchObject({ width: 640, height: 480 });
  });

  it.each([
    ['a GIF without pictures', 'image/gif', gif([640, 480], [1, 1]).slice(0, 20)],
    ['an AVIF that says it at its end', 'image/avif', joined(ftyp, box('mdat', 'pixels'))],
    ['an AVIF that is cut where it says it', 'image/avif', joined(ftyp, meta(ispe(640, 480))).slice(0, -4)],
    ['an AVIF of boxes without an end', 'image/avif', joined(ftyp, number(0, 4), 'meta', ispe(640, 480))],
    ['an AVIF of boxes without a length', 'image/avif', joined(ftyp, number(4, 4), 'free', meta(ispe(640, 480)))],
  ] as const)('say nothing of %s', (_what, type, bytes) => {
    expect(wholePictureSizeIn(bytes, type)).toBeNull();
  });

  it('are looked at no longer than a picture needs, whatever they are', () => {
    const many = (part: Uint8Array) => joined(...Array.from({ length: 2_000 }, () => part));
    expect(wholePictureSizeIn(joined(ftyp, many(box('free')), meta(ispe(9, 9))), 'image/avif')).toBeNull();
    expect(pictureSizeIn(riffOf(many(riffChunk('free')), lossy(9, 9)))).toBeNull();
    expect(pictureSizeIn(joined(PNG_HEAD, ihdr(9, 9), many(chunk('free')), chunk('acTL')))).toBeNull();
    const deep = Array.from({ length: 60 }).reduce<Uint8Array>((inner) => box('moov', inner), ispe(9, 9));
    expect(wholePictureSizeIn(joined(ftyp, deep), 'image/avif')).toBeNull();
  });
});
