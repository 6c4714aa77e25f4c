import { eventDataReader } from './event-stream';
import type { PageSignal, PageSignals } from './page-signals';

/** The server speaks every 20 s at least, so that half a minute of silence is a dead line. */
export const SILENCE_MS = 30_000;
/** Retries wait a random part of 0.5 s, 1 s, 2 s … 20 s (full jitter): a thousand browsers do not come back at once. */
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 20_000;
/** A line that held this long was a good one, and the next retry is a first one again. */
const STEADY_MS = 5_000;
/** Several signals come at once when a page wakes up: an attempt this fresh is not begun anew. */
const FRESH_MS = 1_000;

/** No credential, not ours, no such room: asking again would not help. */
const FINAL_STATUSES = [401, 403, 404];

/** `connecting` until the first attempt has ended one way or the other. */
export type WireState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** One message of the wire format of Upstash Realtime, as yet unchecked. */
export interface WireMessage {
  readonly type?: unknown;
  readonly error?: unknown;
  readonly id?: unknown;
  readonly event?: unknown;
  readonly data?: unknown;
}

export interface WireHandlers {
  /** Every message, with the bytes it came as. */
  readonly onMessage: (message: WireMessage, raw: string) => void;
  readonly onState: (state: WireState) => void;
  /** The server refused for good (401, 403, 404); nothing follows. */
  readonly onRefused: (status: number) => void;
}

export interface WireEnvironment {
  readonly fetch: typeof fetch;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  readonly page: PageSignals;
}

/** The message, or null when the bytes are none. */
export function parseWireMessage(raw: string): WireMessage | null {
  try {
    const message: unknown = JSON.parse(raw);
    return typeof message === 'object' ? message : null;
  } catch {
    return null;
  }
}

/** How long to wait before retry `attempt` (0 for the first), in milliseconds. */
export function retryDelayMs(attempt: number, random: () => number): number {
  return random() * Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt);
}

/**
 * One event stream that comes back by itself, read with `fetch` because EventSource hides the status.
 * `url` is asked at every attempt, for it carries the newest cursor.
 */
export function openWire(
  { fetch, random, page }: WireEnvironment,
  url: () => string,
  handlers: WireHandlers,
): { close: () => void } {
  let attempt = 0;
  let connection = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let startedAt = 0;
  let heardAt = 0;
  let liveSince: number | null = null;

  function connectIn(delayMs: number) {
    connection.abort();
    clearTimeout(timer);
    liveSince = null;
    const next = (connection = new AbortController());
    timer = setTimeout(() => void connect(next.signal), delayMs);
  }

  function comeBack(plannedOrWoken = false) {
    const wasSteady = liveSince !== null && Date.now() - liveSince >= STEADY_MS;
    handlers.onState(page.isOnline() ? 'reconnecting' : 'offline');
    if (wasSteady) attempt = 0;
    connectIn(plannedOrWoken && (wasSteady || attempt === 0) ? 0 : retryDelayMs(attempt, random));
    attempt += 1;
  }

  function listenOn() {
    heardAt = Date.now();
    clearTimeout(timer);
    timer = setTimeout(comeBack, SILENCE_MS);
  }

  async function connect(signal: AbortSignal) {
    startedAt = Date.now();
    listenOn();
    try {
      const response = await fetch(url(), { signal, headers: { accept: 'text/event-stream' }, cache: 'no-store' });
      if (signal.aborted) return;
      if (FINAL_STATUSES.includes(response.status)) {
        close();
        handlers.onRefused(response.status);
        return;
      }
      if (response.ok && response.body !== null) await read(response.body, signal);
    } catch {
      // Cut, refused or aborted: whichever it was, the only answer is to come back.
    }
    if (!signal.aborted) comeBack();
  }

  async function read(body: ReadableStream<Uint8Array>, signal: AbortSignal) {
    const feed = eventDataReader((data) => {
      const message = parseWireMessage(data);
      if (message === null || signal.aborted) return;
      if (message.type === 'connected') {
        liveSince = Date.now();
        handlers.onState('live');
      }
      handlers.onMessage(message, data);
      if (message.type === 'reconnect') comeBack(true);
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      listenOn();
      feed(decoder.decode(value, { stream: true }));
    }
  }

  function onSignal(signal: PageSignal) {
    const silent = Date.now() - heardAt >= SILENCE_MS;
    const isWaking = signal === 'online' || signal === 'visible' || signal === 'restored';
    const isDown = liveSince === null ? Date.now() - startedAt >= FRESH_MS : silent;
    if (signal === 'offline' || (isWaking && isDown)) {
      attempt = 0;
      comeBack(true);
    }
  }

  function close() {
    connection.abort();
    clearTimeout(timer);
    unfollow();
  }

  const unfollow = page.follow(onSignal);
  connectIn(0);
  return { close };
}
