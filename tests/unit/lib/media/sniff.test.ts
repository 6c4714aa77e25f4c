import { describe, expect, it } from 'vitest';
import { isOtherMedia, safeTypeOf, sniffMedia } from '@/lib/media/sniff';
import { ascii, bytesIn, jpegOf, joined, pngOf, webpOf } from '@tests/support/pictures';

const ftyp = (brands: string, more = '') => joined(Uint8Array.of(0, 0, 0, 8 + brands.length), 'ftyp', brands, more);
const track = (handler: string) => `....moov....hdlr\0\0\0\0\0\0\0\0${handler}`;
const ebml = (more: string) => ascii(`\x1a\x45\xdf\xa3....B\x82\x84webm${more}`);

describe('the bytes of a file', () => {
  it.each([
    ['image/gif', 'picture', ascii('GIF89a....')],
    ['image/avif', 'picture', ftyp('avif\0\0\0\0avifmif1')],
    ['image/avif', 'picture', ftyp('mif1\0\0\0\0avif')],
    ['audio/mpeg', 'audio', ascii('ID3\x04....')],
    ['audio/mpeg', 'audio', Uint8Array.of(0xff, 0xfb, 0x90, 0x64)],
    ['audio/aac', 'audio', Uint8Array.of(0xff, 0xf1, 0x50, 0x80)],
    ['audio/ogg', 'audio', ascii('OggS....\x01OpusHead')],
    ['video/ogg', 'video', ascii('OggS....\x80theora')],
    ['audio/wav', 'audio', ascii('RIFF....WAVEfmt ')],
    ['audio/flac', 'audio', ascii('fLaC....')],
    ['audio/mp4', 'audio', ftyp('M4A \0\0\0\0')],
    ['audio/mp4', 'audio', ftyp('iso5\0\0\0\0', track('soun'))],
    ['video/mp4', 'video', ftyp('isom\0\0\0\0', track('vide') + track('soun'))],
    ['video/mp4', 'video', ftyp('mp42\0\0\0\0')],
    ['video/quicktime', 'video', ftyp('qt  \0\0\0\0')],
    ['audio/webm', 'audio', ebml('A_OPUS')],
    ['video/webm', 'video', ebml('V_VP9 A_OPUS')],
  ])('say that it is %s, %s', (type, kind, bytes) => {
    expect(sniffMedia(bytes)).toEqual({ type, kind });
  });

  it.each([
    ['image/jpeg', jpegOf()],
    ['image/png', pngOf()],
    ['image/webp', webpOf()],
  ])('say that it is %s', async (type, blob) => {
    expect(sniffMedia(await bytesIn(blob))).toEqual({ type, kind: 'picture' });
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['an XML document', '<?xml version="1.0"?><html/>'],
    ['a PDF', '%PDF-1.7'],
    ['a zip', 'PK\x03\x04....'],
    ['a script', '/*\xff\xfb*/alert(1)'],
    ['a text', 'GIF is a format'],
    ['a Matroska that is not WebM', '\x1a\x45\xdf\xa3....B\x82\x88matroska'],
    ['a picture of a phone that browsers do not show', Buffer.from(ftyp('heic\0\0\0\0mif1')).toString('latin1')],
    ['a frame of sound with a rate that there is not', '\xff\xfb\xf0\x64'],
    ['two bytes', '\xff\xd8'],
    ['nothing', ''],
  ])('of %s are shown as nothing, and are saved as octets', (_what, text) => {
    expect(sniffMedia(ascii(text))).toBeNull();
    expect(safeTypeOf(sniffMedia(ascii(text)))).toBe('application/octet-stream');
  });

  it('say that a phone took it, whose metadata cannot be removed', () => {
    expect(isOtherMedia(ftyp('heic\0\0\0\0mif1'), '', 'IMG_1')).toBe(true);
    expect(isOtherMedia(ftyp('isom\0\0\0\0'), '', 'x')).toBe(false);
  });
});
