import type { TabStorage } from '@/lib/tab-storage';
import type { LastingStorage } from '@/session/shelf';

/** The tab's session storage, or one that forgets at once where the browser has none for us. */
export function tabStorage(): TabStorage {
  try {
    return window.sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined, key: () => null, length: 0 };
  }
}

/** The browser's storage, where it has one for us and locks beside it; Safari before 15.4 lacks them. */
export function lastingStorage(): LastingStorage | undefined {
  try {
    return 'locks' in navigator ? { storage: window.localStorage, locks: navigator.locks } : undefined;
  } catch {
    return undefined;
  }
}
