import { asciiAt, numberAt } from './blob-reader';
import { CHUNKS_MAX, pictureSizeIn, type PictureSize } from './picture-size';
import type { ShownType } from './sniff';

/** Enough for whatever stands in front of a picture's size, colours included. One that says it behind that does not say it. */
export const SIZED_BYTES = 1_048_576;
/** Boxes lie no deeper in each other on the way to a size. */
const DEPTH_MAX = 5;
const CONTAINERS: ReadonlySet<string> = new Set(['meta', 'iprp', 'ipco', 'moov', 'trak']);

type Sides = Pick<PictureSize, 'width' | 'height'>;

/** How large a picture of a type is drawn, by its first bytes; null where they do not say. */
export function wholePictureSizeIn(head: Uint8Array, type: ShownType): Sides | null {
  if (type === 'image/gif') return gifSides(head);
  return type === 'image/avif' ? avifSides(head) : pictureSizeIn(head);
}

/** The screen, or its first picture where that is larger: browsers make the screen larger then. */
function gifSides(bytes: Uint8Array): Sides | null {
  const two = (at: number) => numberAt(bytes, at, 2, true);
  const flags = bytes[10] ?? 0;
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (bytes[at] === 0x21) {
    // An extension: blocks, each behind its length, up to an empty one.
    for (at += 2; (bytes[at] ?? 0) > 0;) at += 1 + (bytes[at] ?? 0);
    at += 1;
  }
  if (bytes[at] !== 0x2c || at + 9 > bytes.length) return null;
  return { width: Math.max(two(6), two(at + 1) + two(at + 5)), height: Math.max(two(8), two(at + 3) + two(at + 7)) };
}

/** The largest of all pictures in it: tiles, the whole that is made of them, and tracks. */
function avifSides(bytes: Uint8Array): Sides | null {
  const found: Sides[] = [];
  const isWhole = readBoxes(bytes, 0, bytes.length, DEPTH_MAX, (sides) => found.push(sides));
  if (!isWhole || found.length === 0) return null;
  const largest = (side: keyof Sides) => found.reduce((most, sides) => Math.max(most, sides[side]), 0);
  return { width: largest('width'), height: largest('height') };
}

/** Reads boxes up to an end. False where there are too many, or one that could hold a size is not all there. */
function readBoxes(
  bytes: Uint8Array,
  from: number,
  end: number,
  depth: number,
  onSides: (sides: Sides) => void,
): boolean {
  let boxes = 0;
  for (let at = from; at + 8 <= end;) {
    boxes += 1;
    if (boxes > CHUNKS_MAX) return false;
    const type = asciiAt(bytes, at + 4, 4);
    const length = numberAt(bytes, at, 4);
    // 0: up to the end; 1: a longer number, which only pixels need.
    const next = length === 0 || length === 1 ? Infinity : at + length;
    if (length > 1 && length < 8) return false;
    if (type === 'ispe') onSides({ width: numberAt(bytes, at + 12, 4), height: numberAt(bytes, at + 16, 4) });
    if (type === 'tkhd') onSides({ width: numberAt(bytes, next - 8, 2), height: numberAt(bytes, next - 4, 2) });
    if (CONTAINERS.has(type)) {
      const inside = at + (type === 'meta' ? 12 : 8);
      if (next > end || depth === 0 || !readBoxes(bytes, inside, next, depth - 1, onSides)) return false;
    }
    at = next;
  }
  return true;
}
