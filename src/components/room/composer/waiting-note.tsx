'use client';

import { useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';
import { useConnection } from '@/hooks/use-connection';
import { useCountdown } from '@/hooks/use-countdown';
import { useOutgoing } from '@/hooks/use-outgoing';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSlowUntil } from '@/hooks/use-slow-until';
import type { RoomSession } from '@/session/room-session';
import type { ServerClock } from '@/session/server-clock';

interface Waiting {
  readonly words: 'rate_limited' | 'storage_full' | 'slow' | 'slowWaiting';
  readonly until: number;
  readonly clock: ServerClock;
}

/** Above the composer while something waits: until when, or that it lies nowhere else. Read out once, not at every second. */
export function WaitingNote({ session }: { session: RoomSession }) {
  const t = useTranslations('composer');
  const { isWaiting } = useOutgoing(session);
  const { state } = useConnection(session);
  const waiting = useWaiting(session);
  // What a lost line means is said by a note of its own.
  const shown = state === 'live' ? waiting : null;
  const isNotKept = isWaiting && shown === null && session.keptWith === 'page';
  return (
    <div className="mx-auto w-full max-w-3xl px-7 text-sm text-soft">
      <p role="status" className={isNotKept ? 'pt-2' : 'sr-only'}>
        {shown !== null ? t(`${shown.words}Announced`) : isNotKept && t('notKept')}
      </p>
      {shown !== null && <Countdown {...shown} />}
    </div>
  );
}

/** What waits already comes first; in slow mode, one waits before one writes again. */
function useWaiting(session: RoomSession): Waiting | null {
  const { rest } = useOutgoing(session);
  const { room, you } = useRoomInfo(session);
  const until = useSlowUntil(session);
  if (rest !== null) {
    const isSlow = room.slowModeSeconds > 0 && !you.owner && rest.reason === 'rate_limited';
    return { words: isSlow ? 'slowWaiting' : rest.reason, until: rest.until, clock: Date.now };
  }
  return until === 0 ? null : { words: 'slow', until, clock: session.clock };
}

function Countdown({ words, until, clock }: Waiting) {
  const t = useTranslations('composer');
  const { secondsLeft } = useCountdown(until, clock);
  return (
    <p aria-hidden="true" className="flex items-start gap-1.5 pt-2 tabular-nums">
      <Icon name="clock" className="mt-0.5 size-4" />
      {t(words, { seconds: secondsLeft })}
    </p>
  );
}
