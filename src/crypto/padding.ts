/** The smallest and the largest padded plain text. Its length only reveals the power of two. */
const PADDED_BYTES_MIN = 128;
const PADDED_BYTES_MAX = 32_768;
/** The byte that ends the text; only zeros follow it, so the last one is the mark (ISO/IEC 7816-4). */
const END_OF_TEXT = 0x80;

export const isPaddedSize = (bytes: number): boolean =>
  bytes >= PADDED_BYTES_MIN && bytes <= PADDED_BYTES_MAX && Number.isInteger(Math.log2(bytes));

/** Joins the parts and fills them up to a step, the first that holds them or a later one. Throws when none does. */
export function pad(parts: readonly Uint8Array[], bytesMin = PADDED_BYTES_MIN): Uint8Array<ArrayBuffer> {
  const end = parts.reduce((bytes, part) => bytes + part.length, 0);
  let size = bytesMin;
  while (size <= end) size *= 2;
  if (size > PADDED_BYTES_MAX) throw new RangeError(`longer than ${PADDED_BYTES_MAX - 1} bytes`);
  const padded = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    padded.set(part, at);
    at += part.length;
  }
  padded[end] = END_OF_TEXT;
  return padded;
}

/** The text without its padding, whose size the caller has checked; null unless an end mark and zeros follow it. */
export function unpad(padded: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const end = padded.lastIndexOf(END_OF_TEXT);
  return end >= 0 && padded.subarray(end + 1).every((byte) => byte === 0) ? padded.subarray(0, end) : null;
}
