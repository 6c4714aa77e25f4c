'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Words are written without them. */
const sendingParts = createDeferred(() => import('./sending-parts'));

/** What sends files and voices, or null until it has arrived. */
export function useSendingParts() {
  return useDeferred(sendingParts);
}
