import { createStore, type Readable } from './store';

/** A value made from others: `compute` runs at once, and again whenever one of the sources changes. */
export function deriveStore<T>(
  sources: readonly Pick<Readable<unknown>, 'subscribe'>[],
  compute: () => T,
): Readable<T> {
  const store = createStore(compute());
  for (const { subscribe } of sources) subscribe(() => store.set(compute()));
  return store;
}
