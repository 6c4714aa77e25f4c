'use client';

import { useTranslations } from 'next-intl';
import { use, useState } from 'react';
import { previewOf } from '@/components/room/files/preview-of';
import { Raster } from '@/components/room/files/raster';
import { isolated } from '@/components/room/files/isolated';
import { Icon } from '@/components/ui/icon';
import type { MessageEntry } from '@/session/messages/transcript';
import { FileCard, type Loadable } from './file-card';
import { joinOpenParts, PartButton } from './part-button';
import { altOf } from './pictures';
import { ProgressRing } from './progress-ring';
import { useDownloadSentence } from './use-download-sentence';
import { ViewPicture } from './view-picture';

interface PictureProps extends Loadable {
  message: MessageEntry;
  /** Whole, and no picture that this browser knows. */
  onBroken: () => void;
}

/** The small picture that came with the message, then the whole one; a press shows it large. A card where there is neither. */
export function Picture({ message, onBroken, ...loadable }: PictureProps) {
  'use memo';
  const view = use(ViewPicture);
  const { file, download } = loadable;
  const [hasBrokenPreview, setHasBrokenPreview] = useState(false);
  const isWhole = download.state === 'ready';
  const source = isWhole ? download.url : hasBrokenPreview ? undefined : previewOf(file);
  const show = () => view(message.key);
  if (source === undefined) return <FileCard {...loadable} onShow={show} />;
  return (
    <div className="relative w-72 max-w-full py-0.5 whitespace-normal has-[+[data-source]]:mb-2">
      <WholePicture
        alt={altOf(message, file)}
        source={source}
        onShow={show}
        onBroken={isWhole ? onBroken : () => setHasBrokenPreview(true)}
      />
      <State {...loadable} />
    </div>
  );
}

interface WholePictureProps {
  alt: string;
  source: string;
  onShow: () => void;
  onBroken: () => void;
}

function WholePicture({ alt, source, onShow, onBroken }: WholePictureProps) {
  const t = useTranslations('files.received');
  return (
    <button
      ref={joinOpenParts}
      type="button"
      data-part=""
      // A finger that stays on it asks for the actions of the message.
      data-holds=""
      tabIndex={-1}
      aria-label={t('openNamed', { name: isolated(alt) })}
      title={t('open')}
      onClick={onShow}
      className="-mx-2 -my-1 block w-[calc(100%+1rem)] overflow-clip rounded-xl bg-sunken [-webkit-touch-callout:none] forced-colors:border"
    >
      <Raster src={source} alt={alt} onError={onBroken} className="max-h-80 min-h-24 w-full object-cover" />
    </button>
  );
}

/** Over the picture how much of it is there, for one that was left before it was loaded; below it why it failed. */
function State({ file, download, onLoad, onStop }: Loadable) {
  const t = useTranslations('files.received');
  const sentence = useDownloadSentence();
  return (
    <>
      {download.state === 'loading' && (
        <PartButton
          label={t('cancel', { name: isolated(file.name) })}
          onClick={onStop}
          className="!absolute end-0 top-1 bg-surface text-accent"
        >
          <ProgressRing part={download.loaded / file.size} />
          <Icon name="close" className="size-4" />
        </PartButton>
      )}
      <div role="status" className="text-sm text-danger *:mt-2 *:block">
        {download.state === 'failed' && <span>{sentence(download.reason)}</span>}
      </div>
      {download.state === 'failed' && (
        <button
          ref={joinOpenParts}
          type="button"
          data-part=""
          tabIndex={-1}
          onClick={onLoad}
          className="min-h-11 font-medium text-accent underline-offset-4 hover:underline"
        >
          {t('again')}
        </button>
      )}
    </>
  );
}
