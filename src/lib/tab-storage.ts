/** Storage that lasts as long as a tab, which browsers may refuse to give or to fill. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** What is kept there as JSON, as yet unchecked; null when there is none. */
export function readJson(storage: TabStorage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** The keys that begin so, which may then be removed. */
export function keysOf(storage: TabStorage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  return keys.flatMap((key) => (key?.startsWith(prefix) ? [key] : []));
}

/** A full storage is no reason to stop: what cannot be kept lives as long as the page. */
export function tryToKeep(storage: TabStorage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    storage.removeItem(key);
  }
}
