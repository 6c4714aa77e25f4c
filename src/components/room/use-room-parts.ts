'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

export const roomParts = createDeferred(() => import('./room-parts'));

/** The parts of a room, or null until they have arrived. */
export function useRoomParts() {
  return useDeferred(roomParts);
}
