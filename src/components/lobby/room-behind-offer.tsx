'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useCountdown } from '@/hooks/use-countdown';
import { useRoomBehind } from '@/hooks/use-room-behind';
import type { RoomBehind } from '@/page/room-behind';

/** The way back to the living room that this tab came from; renders nothing when there is none. */
export function RoomBehindOffer({ looks }: { looks: number }) {
  const { behind, goBack } = useRoomBehind(looks);
  return behind === null ? null : <Offer behind={behind} onTaken={goBack} />;
}

function Offer({ behind: { expiresAt, clock }, onTaken }: { behind: RoomBehind; onTaken: () => void }) {
  const t = useTranslations('front');
  const format = useFormatter();
  const { secondsLeft } = useCountdown(expiresAt, clock);
  if (secondsLeft === 0) return null;
  return (
    <button
      type="button"
      onClick={onTaken}
      className="min-h-11 animate-appear rounded-2xl border border-accent bg-accent-soft px-3.5 py-1 text-end text-sm leading-tight font-medium text-ink transition-colors hover:bg-sunken"
    >
      {t.rich('behind', {
        minutes: Math.floor(secondsLeft / 60),
        seconds: format.number(secondsLeft % 60, { minimumIntegerDigits: 2 }),
        gap: (words: ReactNode) => <span className="max-sm:sr-only">{words}</span>,
        time: (words: ReactNode) => <span className="text-soft tabular-nums max-sm:block max-sm:text-xs">{words}</span>,
      })}
    </button>
  );
}
