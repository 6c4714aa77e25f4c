'use client';

import { useEffect } from 'react';
import { useLooksBehind } from '@/hooks/use-looks-behind';
import { useStore } from '@/hooks/use-store';
import { createDeferred } from '@/lib/deferred';

const offer = createDeferred(() => import('./room-behind-offer'));

/** Where the way back is offered. Only a tab that was in a room fetches the offer, and at once: somebody may be looking for it. */
export function RoomBehindPlace() {
  const looks = useLooksBehind();
  useEffect(() => {
    if (looks > 0) offer.fetch();
  }, [looks]);
  const part = useStore(offer);
  return part !== null && looks > 0 ? <part.RoomBehindOffer looks={looks} /> : null;
}
