import { createStore, type Store } from '@/lib/store';
import { tryToKeep, type TabStorage } from '@/lib/tab-storage';

const KEY = 'mayfly:name';

/** The name that this tab's person used last, for the next room. It never goes out unsealed into a sealed room. */
export function recallName(storage: TabStorage): string | null {
  return storage.getItem(KEY);
}

export function rememberName(storage: TabStorage, name: string): void {
  tryToKeep(storage, KEY, name);
}

/** One's own name in a room; every new one is remembered for the next room. */
export interface OwnName extends Store<string> {
  /** Resolves once it is known which name the others see: a message that carries another one accuses its sender. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

/** `isNew`: the others will hear it from this page, so nothing is left to find out. */
export function createOwnName(storage: TabStorage, name: string, isNew: boolean): OwnName {
  const store = createStore(name);
  store.subscribe(() => rememberName(storage, store.get()));
  let settle = () => {};
  const settled = new Promise<void>((resolve) => (settle = resolve));
  if (isNew) settle();
  return { ...store, settled, settle };
}
