'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Plain words are written without them. */
const composerParts = createDeferred(() => import('./composer-parts'));

/** Parts that stand above the field at times, or null until they have arrived. */
export function useComposerParts() {
  return useDeferred(composerParts);
}
