'use client';

import { useLayoutEffect, type RefObject } from 'react';
import type { RoomSession } from '@/session/room-session';
import type { EndReason } from '@/session/visit';
import { roomParts } from '@/components/room/use-room-parts';

/** The room has ended for everybody, and not just for this person. */
const IS_OVER: readonly EndReason[] = ['expired', 'destroyed', 'gone'];

/** When the room is over, the screen that shows it does not break off but dissolves. */
export function useDissolve(session: RoomSession, screen: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = screen.current;
    // React calls this before it removes the elements.
    return () => {
      const reason = session.endedBy();
      if (element !== null && reason !== null && IS_OVER.includes(reason)) roomParts.get()?.dissolve(element);
    };
  }, [session, screen]);
}
