'use client';

import { useEffect } from 'react';
import { useStore } from '@/hooks/use-store';
import type { Deferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';

/** Where a browser cannot say when it is idle (Safari), the page has drawn itself by then. */
const IDLE_AFTER_MS = 500;

const NEVER = createStore(null);

function whenIdle(run: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, IDLE_AFTER_MS);
    return () => clearTimeout(timer);
  }
  const request = window.requestIdleCallback(run);
  return () => window.cancelIdleCallback(request);
}

/**
 * A part of the program, or null until it has arrived, and for ever where there is none. It is fetched as soon as the browser is idle after the component
 * that may need it is on the screen, so that it is there when the line is down.
 */
export function useDeferred<Part>(deferred: Deferred<Part> | null): Part | null {
  useEffect(() => (deferred === null ? undefined : whenIdle(deferred.fetch)), [deferred]);
  return useStore(deferred ?? NEVER);
}
