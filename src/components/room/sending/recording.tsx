'use client';

import { useTranslations } from 'next-intl';
import { useFileWords } from '@/components/room/files/use-file-words';
import { VOICE_MS_MAX } from '@/domain/limits';
import { useLevels, type Recorder } from '@/hooks/use-recorder';
import { useCountdown } from '@/hooks/use-countdown';
import { Wave } from './wave';

/** From here on it says how long there is left. */
const NEAR_END_SECONDS = 10;
/** So many levels fill the wave. */
const SHOWN = 40;

interface RecordingProps {
  recorder: Recorder;
  since: number;
}

/** While one speaks: for how long, and that something is heard. */
export function Recording({ recorder, since }: RecordingProps) {
  const t = useTranslations('files.sending');
  const { time } = useFileWords();
  const levels = useLevels(recorder);
  const { secondsLeft } = useCountdown(since + VOICE_MS_MAX, Date.now);
  const isNearEnd = secondsLeft <= NEAR_END_SECONDS;
  const shown = levels.slice(-SHOWN);
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2 pe-1">
      <span
        aria-hidden="true"
        className="size-2.5 shrink-0 rounded-full bg-danger motion-safe:animate-pulse forced-colors:bg-[Mark]"
      />
      <span role="timer" className={`shrink-0 text-sm tabular-nums ${isNearEnd ? 'text-danger' : ''}`}>
        {isNearEnd ? t('secondsLeft', { seconds: secondsLeft }) : time(VOICE_MS_MAX - secondsLeft * 1_000)}
      </span>
      <span role="status" className="sr-only">
        {t('recording')}
      </span>
      <Wave
        levels={[...Array.from({ length: SHOWN - shown.length }, () => 0), ...shown]}
        className="h-8 min-w-0 flex-1 text-accent"
      />
    </div>
  );
}
