import { createRetry } from './retry';
import { createStore, type Readable } from './store';

/** A part that did not arrive is requested again for two minutes or so: after a deployment it is no longer there. */
const FETCH_RETRY = { firstMs: 1_000, longestMs: 20_000 };
const REQUESTS_MAX = 12;

/** A part of the program that a page does without until there is time to fetch it. */
export interface Deferred<Part> extends Readable<Part | null> {
  /** Fetches the part unless it is there or on its way, and again until it arrives or too many requests have failed. */
  readonly fetch: () => void;
}

/** `load` is a dynamic import, which asks the network again after a failure. */
export function createDeferred<Part>(load: () => Promise<Part>, random: () => number = Math.random): Deferred<Part> {
  const { get, subscribe, set } = createStore<Part | null>(null);
  const retry = createRetry(FETCH_RETRY, random);
  let requests = 0;

  function request() {
    requests += 1;
    load().then(set, () => {
      if (requests < REQUESTS_MAX) retry.schedule(request);
      else requests = 0;
    });
  }

  return {
    get,
    subscribe,
    fetch: () => {
      if (requests === 0) request();
    },
  };
}

/** Waits for a part of the program that is fetched in time, as a rule. */
export function arrived<Part>(deferred: Deferred<Part>): Promise<Part> {
  deferred.fetch();
  return new Promise((resolve) => {
    const look = () => {
      const part = deferred.get();
      if (part === null) return;
      unsubscribe();
      resolve(part);
    };
    const unsubscribe = deferred.subscribe(look);
    look();
  });
}
