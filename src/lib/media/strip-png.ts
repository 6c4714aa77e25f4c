import { asciiAt, numberAt, readBlob, type BlobReader } from './blob-reader';
import { cut } from './cuts';
import { orientationIn, tiffWith } from './orientation';

const SIGNATURE_BYTES = 8;
/** Length and type in front, the checksum behind. */
const CHUNK_HEAD_BYTES = 8;
const CHUNK_BYTES = 12;
/** More than any Exif block that says how a picture is turned. */
const EXIF_BYTES_MAX = 1_048_576;
/** What the pixels, their colours and their movement are made of. */
const KEPT: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI bKGD acTL fcTL fdAT'.split(' '),
);

/** A PNG with the chunks alone that change what is seen. Null for one whose chunks do not follow each other up to the last. */
export async function stripPng(picture: Blob): Promise<Blob | null> {
  const reader = readBlob(picture);
  const kept = cut(picture);
  kept.keep(0, SIGNATURE_BYTES);
  let at = SIGNATURE_BYTES;
  for (;;) {
    const head = await reader.at(at, CHUNK_HEAD_BYTES);
    const length = numberAt(head, 0, 4);
    const type = asciiAt(head, 4, 4);
    const end = at + CHUNK_BYTES + length;
    if (head.length < CHUNK_HEAD_BYTES || end > reader.size || !/^[A-Za-z]{4}$/.test(type)) return null;
    if (KEPT.has(type)) kept.keep(at, end);
    else if (type === 'eXIf') (await turnOf(reader, at + CHUNK_HEAD_BYTES, length)).forEach(kept.insert);
    // A reader must know a chunk whose name begins with a capital; we do not know what it says.
    else if (/^[A-Z]/.test(type)) return null;
    if (type === 'IEND') return kept.toBlob();
    at = end;
  }
}

async function turnOf(reader: BlobReader, at: number, length: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const orientation = length > EXIF_BYTES_MAX ? 1 : orientationIn(await reader.at(at, length));
  return orientation === 1 ? [] : [chunkOf('eXIf', tiffWith(orientation))];
}

function chunkOf(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(CHUNK_BYTES + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let index = 0; index < 4; index += 1) chunk[4 + index] = type.charCodeAt(index);
  chunk.set(data, CHUNK_HEAD_BYTES);
  view.setUint32(chunk.length - 4, crc32(chunk.subarray(4, -4)));
  return chunk;
}

/** The checksum of PNG's chunks (ISO 3309), bit by bit: it is asked for a few bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
