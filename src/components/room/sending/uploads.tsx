'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { useFileLimits } from '@/hooks/use-file-limits';
import { useUploads } from '@/hooks/use-uploads';
import type { RoomSession } from '@/session/room-session';
import { UploadRow } from './upload-row';

interface UploadsProps {
  session: RoomSession;
  /** A row was removed together with its controls: something else must take the focus. */
  onDone: () => void;
}

/** At the end of the talk: one's own files that are not messages yet. */
export function Uploads({ session, onDone }: UploadsProps) {
  const t = useTranslations('files.sending');
  const uploads = useUploads(session);
  const limits = useFileLimits(session);
  const list = useRef<HTMLOListElement>(null);
  const count = uploads.length;
  const lastCount = useRef(count);
  useEffect(() => {
    // Whoever sends something wants to see it.
    if (count > lastCount.current) list.current?.scrollIntoView({ block: 'end' });
    lastCount.current = count;
  }, [count]);
  return (
    <>
      {/* How far each is can be asked for; only that there are some, and that there are none any more, is read out. */}
      <p role="status" className="sr-only">
        {count > 0 && t('announced', { count })}
      </p>
      {count > 0 && (
        <ol ref={list} aria-label={t('list')}>
          {uploads.map((upload) => (
            <UploadRow key={upload.fileId} upload={upload} limits={limits} files={session.files} onDone={onDone} />
          ))}
        </ol>
      )}
    </>
  );
}
