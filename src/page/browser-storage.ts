import type { TabStorage } from '@/lib/tab-storage';

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
