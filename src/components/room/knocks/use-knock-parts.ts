'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';

export const knockParts = createDeferred(() => import('./knock-parts'));

/** What shows the people at the door, or null until it has arrived. Only owners who are asked fetch it. */
export function useKnockParts(session: RoomSession) {
  const { room, you } = useRoomInfo(session);
  return useDeferred(you.owner && room.entry === 'knock' ? knockParts : null);
}
