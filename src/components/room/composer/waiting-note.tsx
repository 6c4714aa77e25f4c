'use client';

import { useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';
import { useConnection } from '@/hooks/use-connection';
import { useCountdown } from '@/hooks/use-countdown';
import { useOutgoing } from '@/hooks/use-outgoing';
import type { Outgoing } from '@/session/messages/outgoing';
import type { RoomSession } from '@/session/room-session';

/** Above the composer while something waits: until when, or that it lies nowhere else. Read out once, not at every second. */
export function WaitingNote({ session }: { session: RoomSession }) {
  const t = useTranslations('composer');
  const { isWaiting, rest } = useOutgoing(session);
  const { state } = useConnection(session);
  // What a lost line means is said by a note of its own.
  const shown = state === 'live' ? rest : null;
  const isNotKept = isWaiting && shown === null && session.keptWith === 'page';
  return (
    <div className="mx-auto w-full max-w-3xl px-7 text-sm text-soft">
      <p role="status" className={isNotKept ? 'pt-2' : 'sr-only'}>
        {shown !== null ? t(`${shown.reason}Announced`) : isNotKept && t('notKept')}
      </p>
      {shown !== null && <Rest rest={shown} />}
    </div>
  );
}

function Rest({ rest: { reason, until } }: { rest: NonNullable<Outgoing['rest']> }) {
  const t = useTranslations('composer');
  const { secondsLeft } = useCountdown(until, Date.now);
  return (
    <p aria-hidden="true" className="flex items-start gap-1.5 pt-2 tabular-nums">
      <Icon name="clock" className="mt-0.5 size-4" />
      {t(reason, { seconds: secondsLeft })}
    </p>
  );
}
