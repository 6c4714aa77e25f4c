/** Pictures made by code: as much of each format as says where what lies, with something that must not be sent in every corner. */
export const SECRETS = {
  place: 'GPS 48.8584N 2.2945E',
  xmp: '<x:xmpmeta>exif:GPSLatitude="48,51.5N"</x:xmpmeta>',
  iptc: 'IPTC: Champ de Mars',
  comment: 'taken by Ann',
  camera: 'Camera No. 4711',
  thumbnail: 'a small picture of the same',
  trailer: 'a second picture behind the first',
} as const;

type Bytes = Uint8Array<ArrayBuffer>;

export const ascii = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const joined = (...parts: readonly (Uint8Array | string)[]): Bytes => {
  const bytes = parts.map((part) => (typeof part === 'string' ? ascii(part) : part));
  const all = new Uint8Array(bytes.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const blobOf = (...parts: readonly (Uint8Array | string)[]): Blob => new Blob([joined(...parts)]);
export const bytesIn = async (blob: Blob | null): Promise<Bytes> =>
  blob === null ? new Uint8Array() : new Uint8Array(await blob.arrayBuffer());
export const textIn = async (blob: Blob | null): Promise<string> => Buffer.from(await bytesIn(blob)).toString('latin1');

function u16(value: number, isLittle = false): Bytes {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, isLittle);
  return bytes;
}
function u32(value: number, isLittle = false): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, isLittle);
  return bytes;
}

/** A TIFF block as cameras write it: maker, orientation and place. */
export function tiffOf(orientation: number, isLittle = true): Bytes {
  const place = joined(SECRETS.place, '\0', SECRETS.camera, '\0', SECRETS.thumbnail);
  const entry = (tag: number, type: number, count: number, value: Bytes) =>
    joined(u16(tag, isLittle), u16(type, isLittle), u32(count, isLittle), value);
  return joined(
    isLittle ? 'II' : 'MM',
    u16(42, isLittle),
    u32(8, isLittle),
    u16(3, isLittle),
    entry(0x010f, 2, 15, u32(50, isLittle)),
    entry(0x0112, 3, 1, joined(u16(orientation, isLittle), u16(0))),
    entry(0x8825, 4, 1, u32(50, isLittle)),
    u32(0),
    place,
  );
}

export const segment = (marker: number, ...data: readonly (Uint8Array | string)[]): Bytes => {
  const body = joined(...data);
  return joined(Uint8Array.of(0xff, marker), u16(body.length + 2), body);
};

export const SCAN = Uint8Array.of(0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff, 0x00, 0x78);
export const SOI = Uint8Array.of(0xff, 0xd8);
export const EOI = Uint8Array.of(0xff, 0xd9);
/** The head of a frame: eight bits a colour, one colour. */
export const frameOf = (width: number, height: number): Bytes =>
  joined(Uint8Array.of(8), u16(height), u16(width), Uint8Array.of(1, 1, 0x11, 0));
/** What the pixels of a JPEG of two scans are made of. */
export const PIXELS = joined(
  segment(0xdb, 'quantization'),
  segment(0xc2, frameOf(3, 4)),
  segment(0xc4, 'huffman'),
  segment(0xda, 'scan one'),
  SCAN,
  segment(0xc4, 'huffman two'),
  segment(0xda, 'scan two'),
  SCAN,
);

export const jpegOf = (orientation = 6, isLittle = true): Blob =>
  blobOf(
    SOI,
    segment(0xe0, 'JFIF\0', Uint8Array.of(1, 1, 1, 0, 72, 0, 72, 2, 1), SECRETS.thumbnail),
    segment(0xe0, 'JFXX\0', SECRETS.thumbnail),
    segment(0xe1, 'Exif\0\0', tiffOf(orientation, isLittle)),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', SECRETS.xmp),
    segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', SECRETS.xmp),
    segment(0xe2, 'ICC_PROFILE\0', Uint8Array.of(1, 1), 'colours'),
    segment(0xe2, 'MPF\0', SECRETS.trailer),
    segment(0xe4, SECRETS.camera),
    segment(0xed, 'Photoshop 3.0\0', SECRETS.iptc),
    segment(0xee, 'Adobe', Uint8Array.of(0, 100, 0, 0, 0, 0, 1), SECRETS.comment),
    segment(0xfe, SECRETS.comment),
    segment(0xe1),
    PIXELS,
    segment(0xfe, SECRETS.comment),
    Uint8Array.of(0xff),
    EOI,
    SECRETS.trailer,
    SOI,
    segment(0xe1, 'Exif\0\0', tiffOf(1)),
    EOI,
  );

export const chunk = (type: string, ...data: readonly (Uint8Array | string)[]): Bytes => {
  const body = joined(...data);
  return joined(u32(body.length), type, body, u32(crc32(joined(type, body))));
};

/** The checksum as PNG's specification gives it, appendix D. */
function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

export const PNG_HEAD = ascii('\x89PNG\r\n\x1a\n');
export const PNG_PIXELS = [chunk('gAMA', 'gama'), chunk('iCCP', 'profile'), chunk('acTL', 'two frames')];
export const pngOf = (orientation = 6): Blob =>
  blobOf(
    PNG_HEAD,
    chunk('IHDR', 'head of thirteen'),
    ...PNG_PIXELS,
    chunk('eXIf', tiffOf(orientation, false)),
    chunk('tEXt', 'Comment\0', SECRETS.comment),
    chunk('zTXt', 'Raw profile type iptc\0', SECRETS.iptc),
    chunk('iTXt', 'XML:com.adobe.xmp\0', SECRETS.xmp),
    chunk('tIME', SECRETS.camera),
    chunk('caBX', SECRETS.camera),
    chunk('IDAT', 'pixels'),
    chunk('fdAT', 'more pixels'),
    chunk('tEXt', SECRETS.comment),
    chunk('IEND'),
    SECRETS.trailer,
  );

export const riffChunk = (type: string, ...data: readonly (Uint8Array | string)[]): Bytes => {
  const body = joined(...data);
  return joined(type, u32(body.length, true), body, ...(body.length % 2 === 1 ? [Uint8Array.of(0)] : []));
};
export const riffOf = (...chunks: readonly Uint8Array[]): Bytes => {
  const body = joined('WEBP', ...chunks);
  return joined('RIFF', u32(body.length, true), body);
};
/** Flags, and the width and height of a canvas, each less one. */
export const vp8x = (flags: number) => riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, 9, 0, 0, 9, 0, 0));
export const webpOf = (orientation = 6): Blob =>
  blobOf(
    riffOf(
      vp8x(0x2c),
      riffChunk('ICCP', 'colours'),
      riffChunk('VP8L', 'pixels'),
      riffChunk('EXIF', 'Exif\0\0', tiffOf(orientation)),
      riffChunk('XMP ', SECRETS.xmp),
      riffChunk('IPTC', SECRETS.iptc),
    ),
    SECRETS.trailer,
  );
