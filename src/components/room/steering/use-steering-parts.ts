'use client';

import { useEffect } from 'react';
import { useStore } from '@/hooks/use-store';
import { createDeferred } from '@/lib/deferred';

const steeringParts = createDeferred(() => import('./steering-parts'));

/** The parts, or null until they have arrived, which they do once they are wanted. */
export function useSteeringParts(isWanted: boolean) {
  useEffect(() => {
    if (isWanted) steeringParts.fetch();
  }, [isWanted]);
  return useStore(steeringParts);
}
