import { tryToKeep, type TabStorage } from '@/lib/tab-storage';

const KEY = 'mayfly:name';

/** The name that this tab's person used last, for the next room. It never goes out unsealed into a sealed room. */
export function recallName(storage: TabStorage): string | null {
  return storage.getItem(KEY);
}

export function rememberName(storage: TabStorage, name: string): void {
  tryToKeep(storage, KEY, name);
}
