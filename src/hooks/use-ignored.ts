'use client';

import type { MemberId } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** The members that this person ignores. */
export function useIgnored({ ignored }: Pick<RoomSession, 'ignored'>): ReadonlySet<MemberId> {
  return useStore(ignored.members);
}
