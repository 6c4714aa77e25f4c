'use client';

import type { RoomActions, RoomActionsState } from '@/session/room-actions';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** What one can do with the room, and the outcome of the last action. */
export function useRoomActions(session: RoomSession): RoomActionsState & Omit<RoomActions, 'actions'> {
  const { clearFailure, leave, destroy, setLocked, steer, removeMember, renewLink, rename } = session;
  const acts = { clearFailure, leave, destroy, setLocked, steer, removeMember, renewLink, rename };
  return { ...useStore(session.actions), ...acts };
}
