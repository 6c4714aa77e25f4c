'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { Download } from '@/session/files/download';
import { Raster } from '@/components/room/files/raster';
import { useDownloadSentence } from './use-download-sentence';
import type { View } from './zoom';

interface StageProps {
  alt: string;
  preview?: string | undefined;
  download: Download;
  view: View;
}

/** The picture as it is, or as much of it as there is. */
export function Stage({ alt, preview, download, view: { scale, x, y } }: StageProps) {
  const t = useTranslations('files.received');
  const [isBroken, setIsBroken] = useState(false);
  if (download.state === 'ready') {
    if (download.kind !== 'picture' || isBroken)
      return <p className="max-w-72 text-center text-soft">{t('unshowable')}</p>;
    return (
      <Raster
        src={download.url}
        alt={alt}
        onError={() => setIsBroken(true)}
        className="max-h-full max-w-full object-contain [-webkit-touch-callout:none]"
        style={{ transform: `translate(${x}px, ${y}px) scale(${scale})` }}
      />
    );
  }
  if (preview === undefined || isBroken) return null;
  return (
    <Raster
      src={preview}
      alt={alt}
      onError={() => setIsBroken(true)}
      className="h-full max-h-[32rem] w-full max-w-3xl object-contain opacity-60 blur-sm"
    />
  );
}

/** Over the stage, while the whole picture is not there. */
export function StageNote({ download, onLoad }: { download: Download; onLoad: () => void }) {
  const t = useTranslations('files.received');
  const sentence = useDownloadSentence();
  return (
    <div role="status" className="absolute inset-x-4 bottom-6 flex justify-center empty:hidden">
      {(download.state === 'loading' || download.state === 'idle') && (
        <span className="inline-flex items-center gap-2 rounded-full border border-line bg-surface px-4 py-2 text-sm">
          <Spinner className="size-4" />
          {t(download.state === 'loading' && download.isWaiting ? 'waiting' : 'loading')}
        </span>
      )}
      {download.state === 'failed' && (
        <span className="flex flex-wrap items-center justify-center gap-x-2 rounded-2xl border border-line bg-surface px-4 py-1 text-sm">
          <span className="text-danger">{sentence(download.reason)}</span>
          <Button tone="quiet" className="!px-3" onClick={onLoad}>
            {t('again')}
          </Button>
        </span>
      )}
    </div>
  );
}
