import type { TabStorage } from '@/lib/tab-storage';
import type { LastingStorage } from '@/session/shelf';

const FORGETFUL: TabStorage = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
  key: () => null,
  length: 0,
};

/** The tab's session storage, or one that forgets at once where the browser has none for us. */
export function tabStorage(): TabStorage {
  try {
    return window.sessionStorage;
  } catch {
    return FORGETFUL;
  }
}

/** The browser's storage, which all its tabs share and which lasts: for what a person prefers, and nothing of a room. */
export function browserStorage(): TabStorage {
  try {
    return window.localStorage;
  } catch {
    return FORGETFUL;
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
