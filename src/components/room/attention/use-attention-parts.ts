'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Nobody looks elsewhere before the page stands, so this is no part of it. */
const attentionParts = createDeferred(() => import('./attention-parts'));

/** The parts that make a hidden page noticed, or null until they have arrived. */
export function useAttentionParts() {
  return useDeferred(attentionParts);
}
