'use client';

import { createContext, use, useLayoutEffect, type RefObject } from 'react';
import { LAST_MINUTE_MS } from '@/domain/limits';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { useCountdown } from '@/hooks/use-countdown';
import { useRoomInfo } from '@/hooks/use-room-info';

/** When the last minute began (milliseconds since the epoch); before that, nothing is old. */
export const LastMinute = createContext(-Infinity);

/** Whether something was said before the last minute: it grows paler in the course of it (globals.css). */
export const useIsElder = (timestamp: number): boolean => timestamp < use(LastMinute);

/** One that began for an end that has moved since was not the last. */
export function lastMinuteIn(entries: readonly TranscriptEntry[], expiresAt: number): number {
  const begun = entries.findLast((entry) => entry.kind === 'notice' && entry.notice === 'last-minute')?.timestamp;
  return begun === expiresAt - LAST_MINUTE_MS ? begun : -Infinity;
}

/** In the last minute: says how much of it is over, to the style sheet alone, so that nothing is drawn again for it. */
export function Waning({ session, list }: { session: RoomSession; list: RefObject<HTMLElement | null> }) {
  'use memo';
  const { expiresAt } = useRoomInfo(session).room;
  const { secondsLeft } = useCountdown(expiresAt, session.clock);
  useLayoutEffect(() => {
    list.current?.style.setProperty('--waning', `${100 - (secondsLeft * 100_000) / LAST_MINUTE_MS}%`);
  }, [list, secondsLeft]);
  return null;
}
