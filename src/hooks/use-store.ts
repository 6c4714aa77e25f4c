'use client';

import { useSyncExternalStore } from 'react';
import type { Readable } from '@/lib/store';

/** The store's value now, and again whenever it changes. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
