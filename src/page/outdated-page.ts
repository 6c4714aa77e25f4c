import { watchFormat } from '@/client/watch-format';

const listeners = new Set<() => void>();
let outdated = false;

/** Whether any response came from a server that is newer than the code of this page, which stays so until it is loaded again. */
export const isPageOutdated = (): boolean => outdated;

/** Calls the listener when that turns out, until the returned function is called. */
export function followOutdated(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The browser's `fetch`, listened to. */
export const browserFetch: typeof fetch = watchFormat(
  (input, init) => window.fetch(input, init),
  () => {
    if (outdated) return;
    outdated = true;
    for (const listener of listeners) listener();
  },
);
