'use client';

import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** Whether the server is newer than this page, which then has to be loaded again. */
export function useOutdated(session: RoomSession): boolean {
  return useStore(session.outdated);
}
