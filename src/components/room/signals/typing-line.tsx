'use client';

import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';
import { useRoomParts } from '@/components/room/use-room-parts';

/**
 * Above the composer, who is typing. It keeps its height while nobody is, so that nothing moves; where height is short it lies over
 * the end of the talk instead.
 */
export function TypingLine({ session }: { session: RoomSession }) {
  const { room } = useRoomInfo(session);
  const parts = useRoomParts();
  if (!room.signals.typing) return null;
  return (
    <div className="relative h-5 shrink-0 short:h-0">{parts !== null && <parts.TypingNames session={session} />}</div>
  );
}
