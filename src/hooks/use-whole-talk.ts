'use client';

import { useEffect, useState } from 'react';
import { createSearching, type SearchReach } from '@/session/messages/searching';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** Reads the older pages of the talk while it is wanted; ends with the component. */
export function useWholeTalk(
  session: RoomSession,
  isWanted: boolean,
): { reach: SearchReach; read: () => void; stop: () => void } {
  const [searching] = useState(() => createSearching(session));
  const reach = useStore(searching.reach);
  useEffect(() => {
    if (!isWanted) return;
    searching.read();
    return searching.stop;
  }, [searching, isWanted]);
  return { reach, read: searching.read, stop: searching.stop };
}
