import { asciiAt, numberAt, readBlob, type BlobReader } from './blob-reader';
import { cut } from './cuts';
import { orientationIn, tiffWith } from './orientation';

const HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const EXIF_BYTES_MAX = 1_048_576;
const KEPT: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Bits of `VP8X`: there is a chunk of this kind. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;
const VP8X_BYTES = 10;
const EXIF = 'Exif\0\0';

/** A WebP with the chunks alone that change what is seen. Null for one whose chunks do not fill it. */
export async function stripWebp(picture: Blob): Promise<Blob | null> {
  const reader = readBlob(picture);
  const end = CHUNK_HEAD_BYTES + numberAt(await reader.at(0, HEAD_BYTES), 4, 4, true);
  if (end > reader.size || end < HEAD_BYTES) return null;
  const kept = cut(picture);
  let extended: Uint8Array<ArrayBuffer> | null = null;
  let orientation = 1;
  for (let at = HEAD_BYTES; at < end;) {
    const head = await reader.at(at, CHUNK_HEAD_BYTES);
    const type = asciiAt(head, 0, 4);
    const length = numberAt(head, 4, 4, true);
    const next = at + CHUNK_HEAD_BYTES + length + (length % 2);
    if (head.length < CHUNK_HEAD_BYTES || at + CHUNK_HEAD_BYTES + length > end) return null;
    if (type === 'VP8X' && length === VP8X_BYTES && at === HEAD_BYTES) {
      extended = (await reader.at(at, CHUNK_HEAD_BYTES + VP8X_BYTES)).slice();
      kept.insert(extended);
    } else if (KEPT.has(type)) {
      kept.keep(at, Math.min(next, end));
      // The last chunk may lack the byte that makes its size even.
      if (next > end) kept.insert(Uint8Array.of(0));
    } else if (type === 'EXIF') orientation = await turnIn(reader, at + CHUNK_HEAD_BYTES, length);
    at = next;
  }
  if (extended !== null) {
    extended[CHUNK_HEAD_BYTES] = (extended[CHUNK_HEAD_BYTES] ?? 0) & ~(HAS_EXIF | HAS_XMP);
    if (orientation !== 1) {
      extended[CHUNK_HEAD_BYTES] |= HAS_EXIF;
      kept.insert(chunkOf('EXIF', tiffWith(orientation)));
    }
  }
  return riffOf(kept.toBlob());
}

/** Some writers put the words in front that JPEG needs. */
async function turnIn(reader: BlobReader, at: number, length: number): Promise<number> {
  if (length > EXIF_BYTES_MAX) return 1;
  const data = await reader.at(at, length);
  return orientationIn(asciiAt(data, 0, EXIF.length) === EXIF ? data.subarray(EXIF.length) : data);
}

function riffOf(chunks: Blob): Blob {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(asciiBytes('RIFF'));
  new DataView(head.buffer).setUint32(4, chunks.size + 4, true);
  head.set(asciiBytes('WEBP'), CHUNK_HEAD_BYTES);
  return new Blob([head, chunks]);
}

/** Of even size. */
function chunkOf(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(CHUNK_HEAD_BYTES + data.length);
  chunk.set(asciiBytes(type));
  new DataView(chunk.buffer).setUint32(4, data.length, true);
  chunk.set(data, CHUNK_HEAD_BYTES);
  return chunk;
}

const asciiBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
