'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** One reads and writes before one does anything with a message: its actions come after the page. */
const messageParts = createDeferred(() => import('./message-actions'));

/** The actions of messages, or null until they have arrived. */
export function useMessageParts() {
  return useDeferred(messageParts);
}
