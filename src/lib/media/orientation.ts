import { asciiAt, numberAt } from './blob-reader';

const ORIENTATION_TAG = 0x0112;
/** A short integer. */
const SHORT = 3;
/** More entries than any camera writes. */
const ENTRIES_MAX = 1_000;
const ENTRY_BYTES = 12;

/** How a picture is to be turned, 2 to 8, as the TIFF block of its Exif data says; 1 where it says nothing or nonsense. */
export function orientationIn(tiff: Uint8Array): number {
  const order = asciiAt(tiff, 0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const isLittle = order === 'II';
  if (numberAt(tiff, 2, 2, isLittle) !== 42) return 1;
  const directory = numberAt(tiff, 4, 4, isLittle);
  const entries = Math.min(ENTRIES_MAX, numberAt(tiff, directory, 2, isLittle));
  for (let index = 0; index < entries; index += 1) {
    const at = directory + 2 + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return 1;
    if (numberAt(tiff, at, 2, isLittle) !== ORIENTATION_TAG || numberAt(tiff, at + 2, 2, isLittle) !== SHORT) continue;
    const orientation = numberAt(tiff, at + 8, 2, isLittle);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

/** A TIFF block that says how a picture is to be turned, and nothing else. */
export const tiffWith = (orientation: number): Uint8Array<ArrayBuffer> =>
  // prettier-ignore
  Uint8Array.of(
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian, the directory at 8
    0, 1, // one entry
    0x01, 0x12, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0,
    0, 0, 0, 0, // no further directory
  );
