import { roomIdSchema } from '@/domain/room';
import { readCredential } from '@/server/auth/cookies';
import { hashCredential } from '@/server/auth/tokens';
import { serverContext } from '@/server/process';
import { listenToRoom, type ListenToRoom } from '@/server/services/listen-to-room';

type Sink = ReturnType<ListenToRoom['openSink']>;

/** Mayfly's own stream, written to the web stream that a route handler returns. */
function streamSink(request: Request): {
  body: ReadableStream<Uint8Array>;
  sink: Sink;
  onClosed: (closed: () => void) => void;
} {
  let closed: () => void = () => undefined;
  let taken: () => void = () => undefined;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (started) => {
        controller = started;
      },
      pull: () => taken(),
      cancel: () => {
        taken();
        closed();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  const sink: Sink = {
    write: (bytes) => controller?.enqueue(bytes),
    get backlogBytes() {
      return -(controller?.desiredSize ?? 0);
    },
    drained: () =>
      new Promise((resolve) => {
        taken = resolve;
      }),
    end: () => controller?.close(),
    destroy: () => controller?.error(new Error('The reader is too far behind.')),
  };
  return {
    body,
    sink,
    onClosed: (handler) => {
      closed = handler;
      request.signal.addEventListener('abort', handler, { once: true });
    },
  };
}

export async function GET(request: Request): Promise<Response> {
  const roomId = roomIdSchema.parse(new URL(request.url).searchParams.get('channel'));
  const tokenHash = hashCredential(readCredential(request.headers, roomId));
  const { body, sink, onClosed } = streamSink(request);
  const closed = await listenToRoom(await serverContext(), {
    roomId,
    tokenHash,
    lastAck: null,
    address: 'bench',
    openSink: () => sink,
  });
  onClosed(closed);
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
