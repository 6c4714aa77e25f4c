import { eventDataReader } from './sse-parser';
import { parseWireMessage, type WireMessage } from './wire-message';

/** The server sends something at least every 20 s, so half a minute of silence means a dead line. */
export const SILENCE_MS = 30_000;
/** A connection that was live this long was a good one. */
const STEADY_MS = 5_000;
/** Several signals arrive together when a page wakes up: an attempt this fresh is left alone while it is under way. */
const FRESH_MS = 1_000;

/** No credential, another site, no such room: when our own server says so, asking again would not help. */
const FINAL_REFUSALS = ['401 not_a_member', '403 cross_origin', '404 room_not_found'];

export interface ConnectionHandlers {
  /** Every message, with its text as it arrived. */
  readonly onMessage: (message: WireMessage, raw: string) => void;
  /** Not called after `close`. The status when our own server refused for good (401, 403, 404), else null. */
  readonly onEnd: (refusal: number | null) => void;
}

export interface Connection {
  readonly isSteady: () => boolean;
  /** Whether nothing can be hoped for from it: it did not become live in time, has ended, or has been silent. */
  readonly isDown: () => boolean;
  readonly close: () => void;
}

/**
 * Whether our own server refused for good. A proxy whose backend is down answers 401, 403 or 404 too, and knows nothing
 * of the room: only a problem document with one of our codes is believed.
 */
async function isFinal(response: Response): Promise<boolean> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return false;
  const problem = parseWireMessage(await response.text());
  return FINAL_REFUSALS.includes(`${response.status} ${String(problem?.code)}`);
}

/**
 * One attempt at the event stream, from the request to its end, read with `fetch` because EventSource hides the status.
 * It ends by itself when the first bytes take longer than `firstMs`, and after 30 s of silence.
 */
export function openConnection(
  fetch: typeof globalThis.fetch,
  url: string,
  firstMs: number,
  { onMessage, onEnd }: ConnectionHandlers,
): Connection {
  const controller = new AbortController();
  const { signal } = controller;
  const startedAt = Date.now();
  let heardAt = startedAt;
  let liveSince: number | null = null;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  function close() {
    controller.abort();
    clearTimeout(watchdog);
  }

  function end(refusal: number | null) {
    if (signal.aborted) return;
    close();
    onEnd(refusal);
  }

  function listenOn(ms: number) {
    heardAt = Date.now();
    clearTimeout(watchdog);
    watchdog = setTimeout(() => end(null), ms);
  }

  function receive(raw: string) {
    const message = parseWireMessage(raw);
    // The message before may have closed this connection.
    if (message === null || signal.aborted) return;
    if (message.type === 'connected') liveSince = Date.now();
    onMessage(message, raw);
  }

  async function read(body: ReadableStream<Uint8Array>) {
    const feed = eventDataReader(receive);
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      listenOn(SILENCE_MS);
      feed(decoder.decode(value, { stream: true }));
    }
  }

  async function run() {
    const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' }, cache: 'no-store' });
    if (!response.ok) return (await isFinal(response)) ? response.status : null;
    if (response.body !== null) await read(response.body);
    return null;
  }

  listenOn(firstMs);
  // Cut, aborted, or not an answer of ours: whichever it was, all that is left is to come back.
  void run()
    .catch(() => null)
    .then(end);

  return {
    isSteady: () => liveSince !== null && Date.now() - liveSince >= STEADY_MS,
    isDown: () =>
      signal.aborted || (liveSince === null ? Date.now() - startedAt >= FRESH_MS : Date.now() - heardAt >= SILENCE_MS),
    close,
  };
}
