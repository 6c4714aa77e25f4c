'use client';

import type { RoomSession } from '@/session/room-session';
import { useSteering } from '@/hooks/use-steering';
import { useSteeringParts } from './use-steering-parts';

/** Above the composer: ten minutes more that are proposed, and a room whose owner has been away for long. */
export function SteeringNotes({ session, onDone }: { session: RoomSession; onDone: () => void }) {
  const { proposal, isVacant } = useSteering(session);
  const parts = useSteeringParts(proposal !== null || isVacant);
  if (parts === null) return null;
  return (
    <>
      <parts.ProposalCard session={session} onDone={onDone} />
      <parts.VacancyCard session={session} onDone={onDone} />
    </>
  );
}
