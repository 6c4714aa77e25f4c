import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The status of the last HTTP response to the work that ran inside; undefined before there was one. */
export interface SeenStatus {
  status?: number;
}

export interface HttpStatusWatch {
  run<Result>(seen: SeenStatus, work: () => Promise<Result>): Promise<Result>;
  stop(): void;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Sees the status of responses that `fetch` gets on behalf of others. The HTTP client of @upstash/redis
 * throws the same error for a script that Redis refused (400), a spent quota (429) and an outage
 * (5xx), without the number that tells them apart; Node's fetch announces it on these channels:
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
 */
export function watchHttpStatus(): HttpStatusWatch {
  const running = new AsyncLocalStorage<SeenStatus>();
  const seenOf = new WeakMap<object, SeenStatus>();

  const onCreate = (event: unknown) => {
    const seen = running.getStore();
    if (seen && isObject(event) && 'request' in event && isObject(event.request)) seenOf.set(event.request, seen);
  };
  const onHeaders = (event: unknown) => {
    if (!isObject(event) || !('request' in event) || !isObject(event.request)) return;
    const seen = seenOf.get(event.request);
    if (!seen || !('response' in event) || !isObject(event.response)) return;
    if ('statusCode' in event.response && typeof event.response.statusCode === 'number') {
      seen.status = event.response.statusCode;
    }
  };

  subscribe('undici:request:create', onCreate);
  subscribe('undici:request:headers', onHeaders);
  return {
    run: (seen, work) => running.run(seen, work),
    stop: () => {
      unsubscribe('undici:request:create', onCreate);
      unsubscribe('undici:request:headers', onHeaders);
    },
  };
}
