'use client';

import type { Destination } from '@/session/messages/going';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** Where the reader wants to be in the talk, or null. */
export function useDestination({ destination }: Pick<RoomSession, 'destination'>): Destination | null {
  return useStore(destination);
}
