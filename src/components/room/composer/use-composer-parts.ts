'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Plain words are written without them. */
const composerParts = createDeferred(() => import('./composer-parts'));

/** What stands above the field at times, or null until it has arrived. */
export function useComposerParts() {
  return useDeferred(composerParts);
}
