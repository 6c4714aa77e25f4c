/** Read from a Blob at once; the next bytes are there as a rule. */
const WINDOW_BYTES = 65_536;

export interface BlobReader {
  readonly size: number;
  /** As many bytes from there as there are, up to `length`. */
  readonly at: (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads a Blob piece by piece: the whole is never in memory. */
export function readBlob(blob: Blob): BlobReader {
  let from = 0;
  let window = new Uint8Array();

  return {
    size: blob.size,
    at: async (offset, length) => {
      const end = Math.min(blob.size, offset + length);
      if (offset < from || end > from + window.length) {
        from = offset;
        const slice = blob.slice(offset, offset + Math.max(WINDOW_BYTES, length));
        window = new Uint8Array(await slice.arrayBuffer());
      }
      return window.subarray(offset - from, Math.max(offset, end) - from);
    },
  };
}

/** The text of bytes that are all one character each. */
export const asciiAt = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** A number of two or four bytes; missing ones count as zeros. */
export function numberAt(bytes: Uint8Array, at: number, length: 2 | 4, isLittle = false): number {
  let value = 0;
  for (let index = 0; index < length; index += 1)
    value = value * 256 + (bytes[isLittle ? at + length - 1 - index : at + index] ?? 0);
  return value;
}
