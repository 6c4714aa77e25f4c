'use client';

import { useEffect } from 'react';
import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

const reportPart = createDeferred(() => import('./report-dialog'));

/** What reports a room, or null until it has arrived; only guests of listed rooms fetch it. `isWanted`: it is to be shown. */
export function useReportPart({ isOffered, isWanted }: { isOffered: boolean; isWanted: boolean }) {
  useEffect(() => {
    // In case it was given up.
    if (isWanted) reportPart.fetch();
  }, [isWanted]);
  return useDeferred(isOffered ? reportPart : null);
}
