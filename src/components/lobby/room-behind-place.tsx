'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { useLooksBehind } from '@/hooks/use-looks-behind';
import { createDeferred } from '@/lib/deferred';

const offer = createDeferred(() => import('./room-behind-offer'));

/** Where the way back is offered. Only a tab that was in a room fetches the offer. */
export function RoomBehindPlace() {
  const looks = useLooksBehind();
  const part = useDeferred(looks > 0 ? offer : null);
  return part !== null ? <part.RoomBehindOffer looks={looks} /> : null;
}
