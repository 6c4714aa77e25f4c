'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Words can be read before files are: what shows files comes after the page, and before a deployment removes it. */
const fileParts = createDeferred(() => import('./file-parts'));

/** What shows files, or null until it has arrived. */
export function useFileParts() {
  return useDeferred(fileParts);
}
