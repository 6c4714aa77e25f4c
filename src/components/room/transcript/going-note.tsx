'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { IconButton } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { Destination } from '@/session/messages/going';

/** Long enough to be read, also by those who look for the words first. */
const READ_MS = 6_000;

interface GoingNoteProps {
  destination: Destination | null;
  onStay: () => void;
}

/** Over the beginning of the transcript: that a message is being looked for on earlier pages, or cannot be shown. */
export function GoingNote({ destination, onStay }: GoingNoteProps) {
  'use memo';
  const t = useTranslations('transcript');
  const state = destination === null || destination.state === 'there' ? null : destination.state;
  useEffect(() => {
    if (state === null || state === 'looking') return;
    const timer = setTimeout(onStay, READ_MS);
    return () => clearTimeout(timer);
  }, [state, onStay]);
  const words = { looking: t('lookingFor'), 'taken-back': t('goneBack'), missing: t('notFound') };
  return (
    <div className="pointer-events-none absolute inset-x-4 top-2 z-20 flex justify-center">
      <div
        className={
          state === null
            ? 'sr-only'
            : 'pointer-events-auto flex animate-appear items-center gap-2 rounded-full border border-line bg-surface ps-4 text-sm shadow-float'
        }
      >
        {state === 'looking' && <Spinner className="size-4" />}
        <p role="status">{state !== null && words[state]}</p>
        {state !== null && (
          <IconButton
            icon="close"
            label={t(state === 'looking' ? 'stopLooking' : 'dismiss')}
            onClick={onStay}
            className="!rounded-full"
          />
        )}
      </div>
    </div>
  );
}
