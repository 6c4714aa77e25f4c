'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Room } from '@/domain/room';
import { useCountdown } from '@/hooks/use-countdown';
import type { ServerClock } from '@/session/server-clock';

/** From here on it matters how many more can come in. */
const SCARCE_SEATS = 3;
/** The time left is read out one minute and ten seconds before the end, and at no other moment. */
const ANNOUNCED_LAST_SECONDS = 10;

/** Who is here, how long it lasts, and who can read it. */
export function DoorLine({ room, clock }: { room: Room; clock: ServerClock }) {
  const t = useTranslations('door');
  const format = useFormatter();
  const { secondsLeft, urgent } = useCountdown(room.expiresAt, clock);
  const free = Math.max(0, room.maxMembers - room.members);
  const announcement = !urgent ? '' : secondsLeft > ANNOUNCED_LAST_SECONDS ? t('minuteLeft') : t('secondsLeft');
  return (
    <>
      <p>
        {t.rich('line', {
          here: room.here,
          scarce: String(free > 0 && free <= SCARCE_SEATS && !room.locked),
          free,
          minutes: Math.floor(secondsLeft / 60),
          seconds: format.number(secondsLeft % 60, { minimumIntegerDigits: 2 }),
          sealed: room.listed ? 'public' : String(room.sealed),
          people: (words: ReactNode) => <span className="whitespace-nowrap">{words}</span>,
          time: (words: ReactNode) => (
            <span
              role="timer"
              aria-label={t('timeLeft')}
              className={`whitespace-nowrap tabular-nums ${urgent ? 'text-danger' : ''}`}
            >
              {words}
            </span>
          ),
          privacy: (words: ReactNode) => (
            <span className={room.sealed ? 'whitespace-nowrap' : 'font-medium text-danger'}>{words}</span>
          ),
        })}
      </p>
      <span aria-live="polite" className="sr-only">
        {secondsLeft > 0 && announcement}
      </span>
    </>
  );
}
