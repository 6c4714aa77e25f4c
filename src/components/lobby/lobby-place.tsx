'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

export const lobbyParts = createDeferred(() => import('./lobby-parts'));

/** Keeps the place of the public rooms, which come once the browser is idle. */
export function LobbyPlace() {
  const parts = useDeferred(lobbyParts);
  return <div className="mt-16 min-h-44 sm:mt-20">{parts !== null && <parts.PublicRooms />}</div>;
}
