'use client';

import type { RoomActions, RoomActionsState } from '@/session/room-actions';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** What one can do with the room, and how the last of it went. */
export function useRoomActions(
  session: RoomSession,
): RoomActionsState & Omit<RoomActions, 'state' | 'forgetLineFailure'> {
  const { clearFailure, leave, destroy, setLocked, putOut, rename } = session;
  return { ...useStore(session.actions), clearFailure, leave, destroy, setLocked, putOut, rename };
}
