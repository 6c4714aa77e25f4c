import type { TabStorage } from '@/lib/tab-storage';

/** The tab's session storage, or one that forgets at once where the browser has none for us. */
export function tabStorage(): TabStorage {
  try {
    return window.sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined, key: () => null, length: 0 };
  }
}
