/** Storage that lasts as long as a tab, which browsers may refuse to give or to fill. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Reads a value that was stored as JSON, not checked yet; null when there is no such value. */
export const readJson = (storage: TabStorage, key: string): unknown => parseJson(storage.getItem(key));

/** The same for the stored text itself. */
export function parseJson(value: string | null): unknown {
  try {
    return JSON.parse(value ?? 'null');
  } catch {
    return null;
  }
}

/** Returns the keys with a prefix, as a copy, so that they may be removed. */
export function keysOf(storage: TabStorage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  return keys.flatMap((key) => (key?.startsWith(prefix) ? [key] : []));
}

/** A full storage is no reason to stop: a value that cannot be stored lives as long as the page. */
export function tryToKeep(storage: TabStorage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    storage.removeItem(key);
  }
}
