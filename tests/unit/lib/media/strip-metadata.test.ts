import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripMetadata } from '@/lib/media/strip-metadata';
import { sniffMedia } from '@/lib/media/sniff';
import {
  blobOf,
  bytesIn,
  chunk,
  EOI,
  jpegOf,
  joined,
  PIXELS,
  PNG_HEAD,
  pngOf,
  PNG_PIXELS,
  riffChunk,
  riffOf,
  SECRETS,
  segment,
  SOI,
  textIn,
  vp8x,
  webpOf,
} from '@tests/support/pictures';

const PICTURES = [
  { type: 'image/jpeg', make: jpegOf },
  { type: 'image/png', make: pngOf },
  { type: 'image/webp', make: webpOf },
] as const;

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe.each(PICTURES)('a picture of the type $type', ({ type, make }) => {
  it('loses the place, the time, the camera and the author', async () => {
    const stripped = await textIn(await stripMetadata(make(), type));
    expect(stripped).not.toBe('');
    const { place, xmp, iptc } = SECRETS;
    for (const secret of [place, xmp, iptc]) expect(await textIn(make())).toContain(secret);
    for (const secret of Object.values(SECRETS)) expect(stripped).not.toContain(secret);
    expect(stripped).not.toMatch(/GPS|xmp|IPTC|Photoshop|MPF|JFXX|8BIM/);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('is still turned as its orientation %i says', async (orientation) => {
    const stripped = await stripMetadata(make(orientation), type);
    expect(await textIn(stripped)).toContain(`\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0`);
  });

  it.each([0, 1, 9, 65_535])('has no Exif block at all where its orientation is %i', async (orientation) => {
    expect(await textIn(await stripMetadata(make(orientation), type))).not.toMatch(/Exif|eXIf|EXIF/);
  });

  it('is the same after it was stripped again', async () => {
    const once = await stripMetadata(make(), type);
    expect(await textIn(await stripMetadata(once ?? new Blob(), type))).toBe(await textIn(once));
  });

  it('is still recognised by its bytes', async () => {
    expect(sniffMedia(await bytesIn(await stripMetadata(make(), type)))?.type).toBe(type);
  });

  it('never throws and never grows by more than its orientation, whatever is cut off or changed', async () => {
    const whole = await bytesIn(make());
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.array(change, { maxLength: 8 }), async (length, changes) => {
        const bytes = whole.slice(0, length);
        for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
        const stripped = await stripMetadata(new Blob([bytes]), type);
        expect(stripped?.size ?? 0).toBeLessThanOrEqual(bytes.length + 40);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a JPEG', () => {
  it('keeps what its pixels and colours are made of, byte for byte, and ends where the picture does', async () => {
    const stripped = await textIn(await stripMetadata(jpegOf(1), 'image/jpeg'));
    const kept = [
      SOI,
      segment(0xe0, 'JFIF\0', Uint8Array.of(1, 1, 1, 0, 72, 0, 72, 0, 0)),
      segment(0xe2, 'ICC_PROFILE\0', Uint8Array.of(1, 1), 'colours'),
      segment(0xee, 'Adobe', Uint8Array.of(0, 100, 0, 0, 0, 0, 1)),
      PIXELS,
      EOI,
    ];
    expect(stripped).toBe(latin1(joined(...kept)));
  });

  it('that was cut off within its picture is stripped, too', async () => {
    const whole = joined(SOI, segment(0xfe, SECRETS.comment), PIXELS);
    expect(await textIn(await stripMetadata(new Blob([whole]), 'image/jpeg'))).toBe(latin1(joined(SOI, PIXELS)));
  });

  it('of many megabytes is read in pieces, and a marker that lies across two of them is found', async () => {
    const scan = new Uint8Array(65_536 * 3 + 11).fill(0x55);
    for (let shift = 0; shift < 3; shift += 1) {
      const picture = blobOf(SOI, segment(0xda, 'x'.repeat(shift)), scan.subarray(shift * 2), EOI, SECRETS.trailer);
      const stripped = await stripMetadata(picture, 'image/jpeg');
      expect(stripped?.size).toBe(picture.size - SECRETS.trailer.length);
    }
  });

  it.each([
    ['nothing', []],
    ['a segment without a length', [SOI, Uint8Array.of(0xff, 0xe1)]],
    ['a segment of length 0', [SOI, Uint8Array.of(0xff, 0xe1, 0, 0), PIXELS, EOI]],
    ['a segment of length 1', [SOI, Uint8Array.of(0xff, 0xe1, 0, 1), PIXELS, EOI]],
    ['a segment that is longer than the file', [SOI, Uint8Array.of(0xff, 0xe1, 0xff, 0xff), PIXELS, EOI]],
    ['something else where a segment should be', [SOI, segment(0xdb, 'x'), 'no marker', EOI]],
  ])('of %s is not stripped', async (_what, parts) => {
    expect(await stripMetadata(blobOf(...parts), 'image/jpeg')).toBeNull();
  });
});

describe('a PNG', () => {
  it('keeps what its pixels, colours and movement are made of', async () => {
    const kept = [PNG_HEAD, chunk('IHDR', 'head of thirteen'), ...PNG_PIXELS];
    const pixels = [chunk('IDAT', 'pixels'), chunk('fdAT', 'more pixels'), chunk('IEND')];
    expect(await textIn(await stripMetadata(pngOf(1), 'image/png'))).toBe(latin1(joined(...kept, ...pixels)));
  });

  it('that is turned says so in a chunk with the right checksum', async () => {
    const stripped = await textIn(await stripMetadata(pngOf(8), 'image/png'));
    const block = 'MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0';
    expect(stripped).toContain(latin1(chunk('eXIf', block)));
  });

  it.each([
    ['without an end', [PNG_HEAD, chunk('IHDR', 'x'), chunk('IDAT', 'x')]],
    [
      'with a chunk that is longer than the file',
      [PNG_HEAD, Uint8Array.of(0x7f, 0xff, 0xff, 0xff), 'IDAT', 'x'.repeat(20)],
    ],
    ['with a chunk that everybody has to know', [PNG_HEAD, chunk('CgBI', 'x'), chunk('IEND')]],
    ['with a chunk that has no name', [PNG_HEAD, chunk('\0\0\0\0', 'x'), chunk('IEND')]],
  ])('%s is not stripped', async (_what, parts) => {
    expect(await stripMetadata(blobOf(...parts), 'image/png')).toBeNull();
  });
});

describe('a WebP', () => {
  it('keeps what its pixels and colours are made of, and says no more that there is anything else', async () => {
    const kept = riffOf(vp8x(0x20), riffChunk('ICCP', 'colours'), riffChunk('VP8L', 'pixels'));
    expect(await textIn(await stripMetadata(webpOf(1), 'image/webp'))).toBe(latin1(kept));
  });

  it('without an extended head has nothing to lose but what stands behind it', async () => {
    const whole = riffOf(riffChunk('VP8 ', 'odd'));
    expect(await textIn(await stripMetadata(blobOf(whole, SECRETS.trailer), 'image/webp'))).toBe(latin1(whole));
  });

  it('whose size or whose chunk goes past the end is not stripped', async () => {
    const whole = await bytesIn(webpOf());
    expect(await stripMetadata(new Blob([whole.slice(0, 60)]), 'image/webp')).toBeNull();
    const long = riffOf(joined('VP8 ', Uint8Array.of(0xff, 0xff, 0xff, 0x7f), 'x'));
    expect(await stripMetadata(new Blob([long]), 'image/webp')).toBeNull();
  });
});
