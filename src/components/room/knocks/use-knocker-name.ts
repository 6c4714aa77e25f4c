'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { AtDoor } from '@/session/knocks/door-state';
import type { RoomSession } from '@/session/room-session';

/** Returns a function that names somebody at the door: on a line of its own, and inside a sentence; null there where no name is known. */
export function useKnockerName(session: RoomSession): (person: AtDoor) => { line: string; inSentence: string | null } {
  const t = useTranslations('knocks');
  const label = usePersonLabel();
  const { sealed } = useRoomInfo(session).room;
  return ({ name, memberId }) => {
    if (name === null) return { line: t(sealed ? 'unverified' : 'nameless'), inSentence: null };
    const { name: line, inSentence } = label({ name, memberId });
    return { line, inSentence };
  };
}
