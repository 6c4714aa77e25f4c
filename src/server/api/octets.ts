import 'server-only';

const bytesOf = new WeakMap<ReadableStream, Uint8Array>();

/** A body that holds bytes. Web streams copy them on the way from a handler to a socket; `octetsOf` gives the bytes themselves. */
export function octets(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  bytesOf.set(stream, bytes);
  return stream;
}

/** The bytes of an answer whose body was made here; null for any other. */
export function octetsOf({ body }: Response): Uint8Array | null {
  return (body && bytesOf.get(body)) ?? null;
}
