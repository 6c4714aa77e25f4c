'use client';

import { useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';
import { useFileWords } from '@/components/room/files/use-file-words';
import { useCountdown } from '@/hooks/use-countdown';
import type { Upload, UploadState } from '@/session/files/upload';

type Paced = Extract<UploadState, { until: number }>;

/** Under the name of a file: how far it is, or what it waits for. */
export function UploadLine({ upload: { size, sent, state } }: { upload: Upload }) {
  const t = useTranslations('files.sending');
  const words = useFileWords();
  const sizes = { sent: words.size(sent), size: words.size(size) };
  return (
    <span className="block text-sm text-soft tabular-nums">
      {state.kind === 'waiting' ? (
        <span className="flex items-start gap-1">
          <Icon name="clock" className="mt-0.75 size-3.5" />
          <span>{'until' in state ? <Rest state={state} /> : t('waitingForLine')}</span>
        </span>
      ) : state.kind === 'failed' ? (
        sizes.size
      ) : (
        t(state.kind, sizes)
      )}
    </span>
  );
}

function Rest({ state }: { state: Paced }) {
  const t = useTranslations('files.sending');
  const { secondsLeft } = useCountdown(state.until, Date.now);
  return t(state.for, { seconds: secondsLeft });
}
