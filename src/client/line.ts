import { backoffMs, type RetryBounds } from '@/lib/retry';
import { eventDataReader } from './sse-parser';
import type { PageSignal, PageSignals } from './page-signals';

/** The server speaks every 20 s at least, so that half a minute of silence is a dead line. */
export const SILENCE_MS = 30_000;
/** Retries wait a random part of 0.5 s, 1 s, 2 s … 20 s (full jitter): a thousand browsers do not come back at once. */
export const PAGE_RETRY: RetryBounds = { firstMs: 500, longestMs: 20_000 };
/** A line that held this long was a good one, and the next retry is a first one again. */
const STEADY_MS = 5_000;
/** Several signals come at once when a page wakes up: an attempt this fresh is not begun anew. */
const FRESH_MS = 1_000;

/**
 * Every stream is renewed every few minutes, and a server that stops sends the same word to all its streams at
 * once. Nobody can tell the two apart, so both come back at any moment of this time. What is said meanwhile is
 * replayed; who writes, or looks at the page again, does not wait (`hurry`).
 */
const RENEWAL_SPREAD_MS = 5_000;
/** A renewal that takes longer than this is no secret any more. */
const RENEWAL_MS_MAX = 5_000;

/** No credential, not from here, no such room, said by our own server: asking again would not help. */
const FINAL_REFUSALS = ['401 not_a_member', '403 cross_origin', '404 room_not_found'];

/** `connecting` until the first attempt has ended one way or the other. */
export type WireState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** One message of the wire format of Upstash Realtime, or the document of a refusal, as yet unchecked. */
export interface WireMessage {
  readonly code?: unknown;
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
  /** Our own server refused for good (401, 403, 404); nothing follows. */
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
  return backoffMs(attempt, PAGE_RETRY, random);
}

/**
 * Whether our own server refused for good. A proxy whose backend is away says 401, 403 or 404 as well, and
 * knows nothing of the room: only a problem document with a code of ours is believed.
 */
async function isFinal(response: Response): Promise<boolean> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return false;
  const problem = parseWireMessage(await response.text());
  return FINAL_REFUSALS.includes(`${response.status} ${String(problem?.code)}`);
}

export interface Wire {
  /** Somebody is waiting for news: a renewal whose moment has not come begins now. */
  readonly hurry: () => void;
  readonly close: () => void;
}

/**
 * One event stream that comes back by itself, read with `fetch` because EventSource hides the status.
 * `url` is asked at every attempt, for it carries the newest cursor.
 */
export function openWire({ fetch, random, page }: WireEnvironment, url: () => string, handlers: WireHandlers): Wire {
  let attempt = 0;
  let connection = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let startedAt = 0;
  let heardAt = 0;
  let liveSince: number | null = null;
  /** The old stream was ended as planned: its successor waits for its moment, or has been asked for. */
  let renewal: 'due' | 'begun' | null = null;

  function connectIn(delayMs: number) {
    connection.abort();
    clearTimeout(timer);
    liveSince = null;
    const next = (connection = new AbortController());
    timer = setTimeout(() => void connect(next.signal), delayMs);
  }

  const isSteady = () => liveSince !== null && Date.now() - liveSince >= STEADY_MS;

  function comeBack(isWoken = false) {
    renewal = null;
    handlers.onState(page.isOnline() ? 'reconnecting' : 'offline');
    if (isWoken || isSteady()) attempt = 0;
    connectIn(isWoken ? 0 : retryDelayMs(attempt, random));
    attempt += 1;
  }

  /** Nothing is wrong, so nobody is shown anything. A server that asks for it over and over is not obeyed, though. */
  function renew() {
    if (attempt > 0 && !isSteady()) {
      comeBack();
      return;
    }
    attempt = 1;
    renewal = 'due';
    connectIn(random() * RENEWAL_SPREAD_MS);
  }

  function hurry() {
    if (renewal === 'due') connectIn(0);
  }

  function listenOn(ms = SILENCE_MS) {
    heardAt = Date.now();
    clearTimeout(timer);
    timer = setTimeout(comeBack, ms);
  }

  async function connect(signal: AbortSignal) {
    startedAt = Date.now();
    if (renewal !== null) renewal = 'begun';
    listenOn(renewal === null ? SILENCE_MS : RENEWAL_MS_MAX);
    try {
      const response = await fetch(url(), { signal, headers: { accept: 'text/event-stream' }, cache: 'no-store' });
      if (response.ok) {
        if (response.body !== null) await read(response.body, signal);
      } else if (await isFinal(response)) {
        if (signal.aborted) return;
        close();
        handlers.onRefused(response.status);
        return;
      }
    } catch {
      // Cut, aborted, or no answer of ours: whichever it was, the only answer is to come back.
    }
    if (!signal.aborted) comeBack();
  }

  async function read(body: ReadableStream<Uint8Array>, signal: AbortSignal) {
    const feed = eventDataReader((data) => {
      const message = parseWireMessage(data);
      if (message === null || signal.aborted) return;
      if (message.type === 'connected') {
        liveSince = Date.now();
        renewal = null;
        handlers.onState('live');
      }
      handlers.onMessage(message, data);
      if (message.type === 'reconnect') renew();
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
    if (isWaking && renewal === 'due') hurry();
    else if (signal === 'offline' || (isWaking && isDown)) comeBack(true);
  }

  function close() {
    connection.abort();
    clearTimeout(timer);
    unfollow();
  }

  const unfollow = page.follow(onSignal);
  connectIn(0);
  return { hurry, close };
}
