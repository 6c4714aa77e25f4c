'use client';

import type { RoomInfo, RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

export function useRoomInfo(session: RoomSession): RoomInfo {
  return useStore(session.info);
}
