import { asciiAt, numberAt, readBlob, type BlobReader } from './blob-reader';
import { cut, type Cuts } from './cuts';
import { orientationIn, tiffWith } from './orientation';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
/** Marker, length, and the words that a segment begins with; the rest is read where it counts. */
const SEGMENT_HEAD_BYTES = 24;
const EXIF = 'Exif\0\0';
const ICC = 'ICC_PROFILE\0';
/** The whole of Adobe's segment, which says how colours are coded; the first part of JFIF's, behind which a small picture may lie. */
const ADOBE_BYTES = 14;
const JFIF_BYTES = 16;
const SCAN_BYTES = 65_536;

/** A segment with its marker. */
interface Segment {
  readonly marker: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A JPEG with the segments alone that its pixels are made of, up to the end of the picture: no Exif, XMP, IPTC, comments, small pictures
 * or second pictures behind the first. Null for one whose segments do not follow each other.
 */
export async function stripJpeg(picture: Blob): Promise<Blob | null> {
  const reader = readBlob(picture);
  if (numberAt(await reader.at(0, 2), 0, 2) !== 0xff00 + SOI) return null;
  const first = await segmentAt(reader, 2);
  if (first === null || first === 'end') return null;
  const orientation = await orientationOf(reader);
  const kept = cut(picture);
  const turn = () => (orientation === 1 ? undefined : kept.insert(exifWith(orientation)));
  kept.keep(0, 2);
  // JFIF wants to be first, and readers find Exif behind it.
  if (first.marker !== APP0) turn();
  for (let segment: Segment | 'end' | null = first; segment !== 'end';) {
    if (segment === null) return null;
    await keep(kept, reader, segment);
    if (segment === first && segment.marker === APP0) turn();
    if (segment.marker === EOI) break;
    let next = segment.to;
    if (segment.marker === SOS) {
      // What follows is the picture itself, up to the next marker. One that is cut off ends here.
      next = await endOfScan(reader, segment.to);
      kept.keep(segment.to, next);
    }
    segment = await segmentAt(reader, next);
  }
  return kept.toBlob();
}

/** Of the first Exif block, where readers look for it: before the first scan. */
async function orientationOf(reader: BlobReader): Promise<number> {
  for (let at = 2; ;) {
    const segment = await segmentAt(reader, at);
    if (segment === null || segment === 'end' || segment.marker === SOS || segment.marker === EOI) return 1;
    if (segment.marker === APP1) {
      const bytes = await reader.at(segment.from, segment.to - segment.from);
      if (asciiAt(bytes, 4, EXIF.length) === EXIF) return orientationIn(bytes.subarray(4 + EXIF.length));
    }
    at = segment.to;
  }
}

/** The segment whose marker stands there, behind any number of fill bytes; `end`: there is nothing more. */
async function segmentAt(reader: BlobReader, start: number): Promise<Segment | 'end' | null> {
  let from = start;
  let head = await reader.at(from, SEGMENT_HEAD_BYTES);
  if (head.length === 0) return 'end';
  while (head[0] === 0xff && head[1] === 0xff) {
    from += 1;
    head = await reader.at(from, SEGMENT_HEAD_BYTES);
  }
  const [first, marker] = head;
  if (first !== 0xff || marker === undefined || marker === 0) return null;
  if (hasNoLength(marker)) return { marker, from, to: from + 2 };
  const length = numberAt(head, 2, 2);
  const to = from + 2 + length;
  return head.length < 4 || length < 2 || to > reader.size ? null : { marker, from, to };
}

const hasNoLength = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= EOI);

/** Keeps of a segment what stays of it. */
async function keep(kept: Cuts, reader: BlobReader, { marker, from, to }: Segment): Promise<void> {
  const head = await reader.at(from, SEGMENT_HEAD_BYTES);
  const says = (word: string) => asciiAt(head, 4, word.length) === word;
  // Frames, tables, scans and restarts; the picture's end.
  const isPixels = (marker >= 0xc0 && marker <= 0xdf && marker !== SOI) || marker === 0x01;
  if (isPixels || (marker === APP2 && says(ICC))) kept.keep(from, to);
  else if (marker === APP0 && says('JFIF\0') && to - from >= JFIF_BYTES + 2) kept.insert(jfifOf(head));
  else if (marker === APP14 && says('Adobe') && to - from >= ADOBE_BYTES + 2)
    kept.insert(Uint8Array.of(0xff, APP14, 0, ADOBE_BYTES, ...head.subarray(4, ADOBE_BYTES + 2)));
}

/** Version and density, and a small picture of no size. */
const jfifOf = (head: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(0xff, APP0, 0, JFIF_BYTES, ...head.subarray(4, JFIF_BYTES), 0, 0);

function exifWith(orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = tiffWith(orientation);
  const name = Uint8Array.from(EXIF, (character) => character.charCodeAt(0));
  return Uint8Array.of(0xff, APP1, 0, 2 + name.length + tiff.length, ...name, ...tiff);
}

/** The first marker that is neither a stuffed byte nor a restart; the end of the file where there is none. */
async function endOfScan(reader: BlobReader, start: number): Promise<number> {
  for (let at = start; at < reader.size;) {
    const bytes = await reader.at(at, SCAN_BYTES);
    let found = bytes.indexOf(0xff);
    for (; found >= 0 && found < bytes.length - 1; found = bytes.indexOf(0xff, found + 1)) {
      const next = bytes[found + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + found;
    }
    // A last byte may be the first half of a marker.
    at += found === bytes.length - 1 && bytes.length > 1 ? found : bytes.length;
  }
  return reader.size;
}
