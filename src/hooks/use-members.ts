'use client';

import type { Person } from './people';
import type { RoomSession } from './room-session';
import { useStore } from './use-store';

export type { Person } from './people';

/** Everybody who holds a seat, in the order of seating. */
export function useMembers(session: RoomSession): readonly Person[] {
  return useStore(session.people);
}
