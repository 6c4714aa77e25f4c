'use client';

import type { Connection, RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

export function useConnection(session: RoomSession): Connection {
  return useStore(session.connection);
}
