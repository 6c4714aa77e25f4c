'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ServerClock } from '@/session/server-clock';
import { useCountdown } from '@/hooks/use-countdown';
import { ringOf } from './ring-of';

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

interface CountdownRingProps extends CountdownProps {
  createdAt: number;
}

/** The time left, in a ring that runs out and in the last minute closes. */
export function CountdownRing({ expiresAt, createdAt, clock }: CountdownRingProps) {
  return (
    <div className="relative inline-grid size-13 shrink-0 sm:size-14 place-items-center">
      <RingArc expiresAt={expiresAt} createdAt={createdAt} clock={clock} />
      <Countdown
        expiresAt={expiresAt}
        clock={clock}
        className="text-sm font-semibold sm:text-[0.9375rem] tracking-tight"
      />
    </div>
  );
}

function RingArc({ expiresAt, createdAt, clock }: CountdownRingProps) {
  const { secondsLeft } = useCountdown(expiresAt, clock);
  // The arc moves for the second that has just begun, so that it is closed when the time is up and not a second later.
  const { phase, share } = ringOf(Math.max(0, secondsLeft - 1), Math.ceil((expiresAt - createdAt) / 1_000));
  return (
    <svg aria-hidden="true" viewBox="0 0 56 56" fill="none" strokeWidth={3} className="absolute inset-0 -rotate-90">
      <circle cx={28} cy={28} r={26} stroke="currentColor" className="text-line forced-colors:text-[GrayText]" />
      <circle
        // Another arc, so that none turns into the other.
        key={phase}
        data-phase={phase}
        cx={28}
        cy={28}
        r={26}
        pathLength={1}
        stroke="currentColor"
        strokeDasharray={1}
        // The arc that is left ends at the top, the one that closes begins there: both hands of the clock turn the same way.
        strokeDashoffset={phase === 'left' ? share - 1 : 1 - share}
        // Until then a second moves it by a fraction of a pixel, which is not worth drawing sixty times.
        className={`forced-colors:text-[Highlight] ${phase === 'left' ? 'text-accent' : 'text-danger transition-[stroke-dashoffset] duration-1000 ease-linear'}`}
      />
    </svg>
  );
}
