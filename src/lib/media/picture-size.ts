import { asciiAt, numberAt } from './blob-reader';

/** What a browser makes room for before it has seen a single pixel, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly isMoving: boolean;
}

/**
 * What the first bytes of a JPEG, PNG or WebP say of its size. Null for any other format, and where they do not say it as its rules want:
 * thirty bytes may claim a gigabyte of pixels, and only what we read as a browser does is believed. One pass, whatever the bytes are.
 */
export function pictureSizeIn(bytes: Uint8Array): PictureSize | null {
  const size = sizeIn(bytes);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

function sizeIn(bytes: Uint8Array): PictureSize | null {
  if (numberAt(bytes, 0, 2) === 0xffd8) return jpegSize(bytes);
  if (asciiAt(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return pngSize(bytes);
  return asciiAt(bytes, 0, 4) === 'RIFF' && asciiAt(bytes, 8, 4) === 'WEBP' ? webpSize(bytes) : null;
}

/** Far more than stand in front of any picture: bytes that are all heads of chunks cost no longer than others. */
export const CHUNKS_MAX = 1_000;

/** Tables and extensions, among the markers of frames. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

/** Of the first frame header, which has to come before the first scan; a second one is a fault for every reader. */
function jpegSize(bytes: Uint8Array): PictureSize | null {
  for (let at = 2; at + 9 <= bytes.length;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xd9 || marker === 0xda) return null;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) return frameSize(bytes, at);
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker === 0 || numberAt(bytes, at + 2, 2) < 2) return null;
    else at += 2 + numberAt(bytes, at + 2, 2);
  }
  return null;
}

const frameSize = (bytes: Uint8Array, at: number): PictureSize => ({
  width: numberAt(bytes, at + 7, 2),
  height: numberAt(bytes, at + 5, 2),
  isMoving: false,
});

/** The head, and whether a chunk before the pixels says that there are more frames than one. */
function pngSize(bytes: Uint8Array): PictureSize | null {
  if (numberAt(bytes, 8, 4) !== 13 || asciiAt(bytes, 12, 4) !== 'IHDR') return null;
  let [isMoving, chunks] = [false, 0];
  for (let at = 33; at + 8 <= bytes.length; at += 12 + numberAt(bytes, at, 4)) {
    const type = asciiAt(bytes, at + 4, 4);
    chunks += 1;
    if (chunks > CHUNKS_MAX) return null;
    if (type === 'IDAT' || type === 'IEND') break;
    isMoving ||= type === 'acTL';
  }
  return { width: numberAt(bytes, 16, 4), height: numberAt(bytes, 20, 4), isMoving };
}

/** The largest of the canvas and what is painted on it. */
function webpSize(bytes: Uint8Array): PictureSize | null {
  let [width, height, isMoving, chunks] = [0, 0, false, 0];
  for (let at = 12; at + 8 <= bytes.length;) {
    const type = asciiAt(bytes, at, 4);
    // Frames have to fit into the canvas.
    if (type === 'ANMF') return { width, height, isMoving: true };
    chunks += 1;
    if (chunks > CHUNKS_MAX) return null;
    const [w, h] = webpSides(type, bytes, at + 8);
    width = Math.max(width, w);
    height = Math.max(height, h);
    isMoving ||= type === 'ANIM' || (type === 'VP8X' && ((bytes[at + 8] ?? 0) & 2) !== 0);
    const length = numberAt(bytes, at + 4, 4, true);
    at += 8 + length + (length % 2);
  }
  return { width, height, isMoving };
}

/** `VP8X`: three bytes each, less one. `VP8L`: 14 bits each, less one. `VP8 `: 14 bits each, in two bytes. */
function webpSides(type: string, bytes: Uint8Array, at: number): readonly [number, number] {
  const two = (from: number) => numberAt(bytes, at + from, 2, true);
  if (type === 'VP8X') return [1 + two(4) + 65_536 * (bytes[at + 6] ?? 0), 1 + two(7) + 65_536 * (bytes[at + 9] ?? 0)];
  if (type === 'VP8 ') return [two(6) & 0x3fff, two(8) & 0x3fff];
  const bits = numberAt(bytes, at + 1, 4, true);
  return type === 'VP8L' ? [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)] : [0, 0];
}
