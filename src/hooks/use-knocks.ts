'use client';

import type { DoorState } from '@/session/knocks/door-state';
import type { Knocks } from '@/session/knocks/knocks';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** People at the door, and what the owner does with them. Nobody is there for guests. */
export function useKnocks({ knocks }: Pick<RoomSession, 'knocks'>): DoorState & Omit<Knocks, 'atDoor'> {
  return { ...useStore(knocks.atDoor), answerKnock: knocks.answerKnock, forgetMissed: knocks.forgetMissed };
}
