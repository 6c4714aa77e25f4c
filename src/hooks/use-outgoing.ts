'use client';

import type { Outgoing } from '@/session/messages/outgoing';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** What waits to be sent, and how long the server has it wait. */
export function useOutgoing(session: RoomSession): Outgoing {
  return useStore(session.outgoing);
}
