'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Spinner } from '@/components/ui/spinner';
import type { RoomSession } from '@/session/room-session';
import { useTranscript } from '@/hooks/use-transcript';
import { useWholeTalk } from '@/hooks/use-whole-talk';
import { saveFile } from './save-file';
import { talkFile, talkFileName } from './talk-file';
import { hasFiles, useSavedTalk } from './use-saved-talk';

interface SaveDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** A copy of the talk for oneself, made and kept in this browser. */
export function SaveDialog({ session, open, onClose }: SaveDialogProps) {
  const t = useTranslations('lastWords');
  return (
    <Dialog open={open} onClose={onClose} title={t('saveHeading')} closeLabel={t('close')}>
      <Saving session={session} onClose={onClose} />
    </Dialog>
  );
}

function Saving({ session, onClose }: Pick<SaveDialogProps, 'session' | 'onClose'>) {
  const t = useTranslations('lastWords');
  const files = useTranslations('files.received');
  const { entries } = useTranscript(session);
  const { reach, stop } = useWholeTalk(session, true);
  const savedTalk = useSavedTalk(session);
  const [savedAs, setSavedAs] = useState<string | null>(null);
  const release = useRef<() => void>(undefined);
  // Nothing of the talk is left in the page when the room is over.
  useEffect(() => () => release.current?.(), []);

  function save() {
    const name = talkFileName(new Date());
    release.current?.();
    release.current = saveFile(name, 'text/html;charset=utf-8', talkFile(savedTalk(entries, reach === 'whole')));
    setSavedAs(name);
  }

  return (
    <>
      <p className="text-soft">
        {t('saveBody')} {hasFiles(entries) && files('leftOut')}
      </p>
      <div className="my-3 flex min-h-6 items-center gap-3 text-sm text-soft">
        {reach === 'reading' && <Spinner className="size-4" />}
        <p role="status" className="min-w-0 flex-1 wrap-anywhere">
          {savedAs !== null
            ? t('saved', { name: savedAs })
            : reach === 'reading'
              ? t('reading')
              : reach === 'stopped'
                ? t('part')
                : ''}
        </p>
        {reach === 'reading' && (
          <Button tone="quiet" className="-my-2.5 shrink-0 !px-3" onClick={stop}>
            {t('stop')}
          </Button>
        )}
      </div>
      <div className="flex flex-col gap-3 sm:flex-row">
        <Button tone="primary" data-first-focus busy={reach === 'reading'} onClick={save}>
          {t(reach === 'stopped' ? 'savePart' : 'save')}
        </Button>
        <Button onClick={onClose}>{t(savedAs === null ? 'cancel' : 'close')}</Button>
      </div>
    </>
  );
}
