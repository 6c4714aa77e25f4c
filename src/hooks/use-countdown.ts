'use client';

import { useSyncExternalStore } from 'react';
import { LAST_MINUTE_MS } from '@/domain/limits';
import { followSeconds, secondsUntil } from '@/page/countdown';
import type { ServerClock } from '@/session/server-clock';

/** The last minute is urgent. */
const URGENT_SECONDS = LAST_MINUTE_MS / 1_000;

/** How long a room has left, by the server's clock, right to the second. */
export function useCountdown(expiresAt: number, clock: ServerClock): { secondsLeft: number; urgent: boolean } {
  'use memo';
  const read = () => secondsUntil(expiresAt, clock());
  const secondsLeft = useSyncExternalStore(
    (onChange) => followSeconds(expiresAt, clock, onChange, [document, window]),
    read,
    read,
  );
  return { secondsLeft, urgent: secondsLeft <= URGENT_SECONDS };
}
