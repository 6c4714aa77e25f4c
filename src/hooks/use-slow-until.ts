'use client';

import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** When one may write again in a room with slow mode, on the server's clock; 0: at once. */
export function useSlowUntil(session: RoomSession): number {
  return useStore(session.slowUntil);
}
