'use client';

import { useEffect } from 'react';
import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

const roomOptions = createDeferred(() => import('./options-sheet'));

/** The owner's options, or null until they have arrived. Guests never fetch them. `isWanted`: they are to be shown. */
export function useRoomOptions({ isOwner, isWanted }: { isOwner: boolean; isWanted: boolean }) {
  useEffect(() => {
    // In case they were given up.
    if (isWanted) roomOptions.fetch();
  }, [isWanted]);
  return useDeferred(isOwner ? roomOptions : null);
}
