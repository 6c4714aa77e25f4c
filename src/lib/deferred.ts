import { createRetry } from './retry';
import { createStore, type Readable } from './store';

/** A part that did not arrive is requested again, a few times a minute in the end. */
const FETCH_RETRY = { firstMs: 1_000, longestMs: 20_000 };

/** A part of the program that a page does without until there is time to fetch it. */
export interface Deferred<Part> extends Readable<Part | null> {
  /** Fetches the part unless it is there or on its way, and again until it arrives. */
  readonly fetch: () => void;
}

/** `load` is a dynamic import, which asks the network again after a failure. */
export function createDeferred<Part>(load: () => Promise<Part>, random: () => number = Math.random): Deferred<Part> {
  const { get, subscribe, set } = createStore<Part | null>(null);
  const retry = createRetry(FETCH_RETRY, random);
  let requested = false;

  function request() {
    load().then(set, () => retry.schedule(request));
  }

  return {
    get,
    subscribe,
    fetch: () => {
      if (requested) return;
      requested = true;
      request();
    },
  };
}
