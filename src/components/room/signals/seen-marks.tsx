'use client';

import { useSeenBy } from '@/hooks/use-signals';
import type { RoomSession } from '@/session/room-session';
import { useSignalParts } from './use-signal-parts';

/** Under a message, the others who have read it and nothing after it. Most messages have none, and no height for them. */
export function SeenMarks({ session, messageKey }: { session: RoomSession; messageKey: string }) {
  const memberIds = useSeenBy(session, messageKey);
  const parts = useSignalParts();
  return memberIds !== undefined && parts !== null && <parts.SeenBy session={session} memberIds={memberIds} />;
}
