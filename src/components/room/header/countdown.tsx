'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ServerClock } from '@/session/server-clock';
import { useCountdown } from '@/hooks/use-countdown';

/** The time left is read out one minute and ten seconds before the end, and at no other moment. */
const ANNOUNCED_LAST_SECONDS = 10;

interface CountdownProps {
  expiresAt: number;
  clock: ServerClock;
  className?: string;
}

/** Minutes and seconds left. */
export function Countdown({ expiresAt, clock, className = '' }: CountdownProps) {
  const t = useTranslations('room');
  const format = useFormatter();
  const { secondsLeft, urgent } = useCountdown(expiresAt, clock);
  const announcement = !urgent ? '' : secondsLeft > ANNOUNCED_LAST_SECONDS ? t('minuteLeft') : t('secondsLeft');
  return (
    <>
      <span
        role="timer"
        aria-label={t('timeLeft')}
        className={`tabular-nums ${urgent ? 'text-danger' : ''} ${className}`}
      >
        {t('digital', {
          minutes: format.number(Math.floor(secondsLeft / 60), { minimumIntegerDigits: 2 }),
          seconds: format.number(secondsLeft % 60, { minimumIntegerDigits: 2 }),
        })}
      </span>
      <span aria-live="polite" className="sr-only">
        {secondsLeft > 0 && announcement}
      </span>
    </>
  );
}

/** The time left as a line that grows shorter, hidden from assistive technology. */
export function LifeLine({
  expiresAt,
  createdAt,
  clock,
}: {
  expiresAt: number;
  createdAt: number;
  clock: ServerClock;
}) {
  const { secondsLeft, urgent } = useCountdown(expiresAt, clock);
  return (
    <progress
      aria-hidden="true"
      value={secondsLeft}
      max={Math.max(1, Math.ceil((expiresAt - createdAt) / 1_000))}
      className={`life-line block h-0.5 w-full ${urgent ? 'text-danger' : 'text-accent'}`}
    />
  );
}
