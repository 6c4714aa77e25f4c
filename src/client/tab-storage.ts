/** Storage that lasts as long as a tab, which browsers may refuse to give or to fill. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The tab's session storage, or one that forgets at once where the browser gives none. */
export function tabStorage(): TabStorage {
  try {
    return window.sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined, key: () => null, length: 0 };
  }
}

/** A full storage is no reason to stop: what cannot be kept lives as long as the page. */
export function tryToKeep(storage: TabStorage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    storage.removeItem(key);
  }
}
