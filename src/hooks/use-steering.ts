'use client';

import type { RoomSession } from '@/session/room-session';
import type { Proposal, Steering } from '@/session/steering';
import { useStore } from './use-store';

/** Ten minutes more as they stand proposed, whether the room may be taken over, and what one does about either. */
export function useSteering(
  session: RoomSession,
): { proposal: Proposal | null; isVacant: boolean } & Pick<Steering, 'answerExtension' | 'giveRoom'> {
  const { answerExtension, giveRoom } = session;
  return { proposal: useStore(session.proposal), isVacant: useStore(session.isVacant), answerExtension, giveRoom };
}
