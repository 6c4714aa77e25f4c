import { useTranslations } from 'next-intl';
import { joinOpenParts } from './part-button';
import { pauseOthers } from './pause-others';

interface RecordingProps {
  kind: 'audio' | 'video';
  url: string;
  poster?: string | undefined;
  onBroken: () => void;
}

/** Plays in place, by the browser's own controls, and never by itself. */
export function Recording({ kind, url, poster, onBroken }: RecordingProps) {
  const t = useTranslations('files.received');
  const media = {
    src: url,
    controls: true,
    preload: 'metadata',
    tabIndex: -1,
    'data-part': '',
    'aria-label': t('kind', { kind }),
    ref: joinOpenParts,
    onPlay: pauseOthers,
    onError: onBroken,
  } as const;
  return kind === 'audio' ? (
    <audio {...media} className="mt-2 block w-full" />
  ) : (
    <video {...media} playsInline poster={poster} className="mt-2 block max-h-80 w-full rounded-xl bg-sunken" />
  );
}
