'use client';

import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

export type { Person } from '@/session/people/roster';

/** Everybody who holds a seat, in the order of seating. */
export function useMembers(session: RoomSession): readonly Person[] {
  return useStore(session.people);
}
