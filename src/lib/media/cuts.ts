/** A Blob made of parts of another one, and of bytes put in between. Parts that follow each other are one: a file of tiny chunks costs no more. */
export interface Cuts {
  readonly keep: (from: number, to: number) => void;
  readonly insert: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly toBlob: () => Blob;
}

export function cut(blob: Blob): Cuts {
  const parts: BlobPart[] = [];
  let from = 0;
  let to = 0;

  function flush() {
    if (to > from) parts.push(blob.slice(from, to));
    from = to;
  }

  return {
    keep: (start, end) => {
      if (start !== to) {
        flush();
        from = start;
      }
      to = end;
    },
    insert: (bytes) => {
      flush();
      parts.push(bytes);
    },
    toBlob: () => {
      flush();
      return new Blob(parts);
    },
  };
}
