'use client';

import { useKnockParts } from '@/components/room/knocks/use-knock-parts';
import type { RoomSession } from '@/session/room-session';
import { ForYouToast } from './for-you-toast';

interface ToastsProps {
  session: RoomSession;
  /** A toast was removed together with its controls: something else must take the focus. */
  onDone: () => void;
}

/** Over the beginning of the transcript, one below the other. */
export function Toasts({ session, onDone }: ToastsProps) {
  const knocks = useKnockParts(session);
  return (
    <div className="pointer-events-none absolute inset-x-4 top-2 z-10 flex flex-col items-center gap-2 [@container_(height<7rem)]:hidden">
      {knocks !== null && <knocks.KnockToast session={session} onDone={onDone} />}
      <ForYouToast session={session} />
    </div>
  );
}
