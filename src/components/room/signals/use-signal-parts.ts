'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

const signalParts = createDeferred(() => import('./signal-parts'));

/** The parts that show who is typing and who has read, or null until they have arrived. */
export function useSignalParts() {
  return useDeferred(signalParts);
}
