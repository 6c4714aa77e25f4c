import { backoffMs, type RetryBounds } from '@/lib/retry';
import { openConnection, SILENCE_MS, type Connection } from './connection';
import type { PageSignal, PageSignals } from './page-signals';
import type { WireMessage } from './wire-message';

/** Retries wait a random part of 0.5 s, 1 s, 2 s … 20 s (full jitter), so a thousand browsers do not come back at once. */
export const PAGE_RETRY: RetryBounds = { firstMs: 500, longestMs: 20_000 };
/**
 * Every stream is renewed every few minutes, and a server that stops sends the same message to all its streams at once.
 * The two look alike, so both come back at some moment within this time. Anything sent meanwhile is replayed; a page
 * whose reader writes, or looks at it again, does not wait (`hurry`).
 */
const RENEWAL_SPREAD_MS = 5_000;
/** A renewal that takes longer than this is shown as a lost connection. */
const RENEWAL_MS_MAX = 5_000;

/** `connecting` until the first attempt has ended one way or the other. */
export type WireState = 'connecting' | 'live' | 'reconnecting' | 'offline';

export interface WireHandlers {
  /** Every message, with its text as it arrived. */
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

export interface Wire {
  /** Somebody is waiting for news: a renewal that is waiting for its moment begins now. */
  readonly hurry: () => void;
  readonly close: () => void;
}

/**
 * One event stream that comes back by itself, read with `fetch` because EventSource hides the status.
 * `url` is called at every attempt, because it carries the newest cursor.
 */
export function openWire({ fetch, random, page }: WireEnvironment, url: () => string, handlers: WireHandlers): Wire {
  let attempt = 0;
  let connection: Connection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The old stream ended as planned: its successor is waiting for its moment, or is being opened. */
  let renewal: 'due' | 'begun' | null = null;

  function connectIn(delayMs: number) {
    connection?.close();
    clearTimeout(timer);
    timer = setTimeout(connect, delayMs);
  }

  function connect() {
    if (renewal !== null) renewal = 'begun';
    connection = openConnection(fetch, url(), renewal === null ? SILENCE_MS : RENEWAL_MS_MAX, {
      onMessage: receive,
      onEnd: (refusal) => {
        if (refusal === null) {
          comeBack();
          return;
        }
        close();
        handlers.onRefused(refusal);
      },
    });
  }

  function receive(message: WireMessage, raw: string) {
    if (message.type === 'connected') {
      renewal = null;
      handlers.onState('live');
    }
    handlers.onMessage(message, raw);
    if (message.type === 'reconnect') renew();
  }

  /** A connection that was live for a while was a good one: the next wait is a first one again. */
  function comeBack(isWoken = false) {
    renewal = null;
    handlers.onState(page.isOnline() ? 'reconnecting' : 'offline');
    if (isWoken || connection?.isSteady()) attempt = 0;
    connectIn(isWoken ? 0 : backoffMs(attempt, PAGE_RETRY, random));
    attempt += 1;
  }

  /** Nothing is wrong, so nothing is shown. A server that asks for it over and over is not obeyed, though. */
  function renew() {
    if (attempt > 0 && !connection?.isSteady()) {
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

  function onSignal(signal: PageSignal) {
    const isWaking = signal === 'online' || signal === 'visible' || signal === 'restored';
    if (isWaking && renewal === 'due') hurry();
    else if (signal === 'offline' || (isWaking && connection?.isDown() !== false)) comeBack(true);
  }

  function close() {
    connection?.close();
    clearTimeout(timer);
    unfollow();
  }

  const unfollow = page.follow(onSignal);
  connectIn(0);
  return { hurry, close };
}
