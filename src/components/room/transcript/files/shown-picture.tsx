'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, type KeyboardEvent } from 'react';
import { previewOf } from '@/components/room/files/preview-of';
import { useFileWords } from '@/components/room/files/use-file-words';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useDownload } from '@/hooks/use-download';
import type { Download } from '@/session/files/download';
import type { RoomSession } from '@/session/room-session';
import { cutName } from '@/components/room/files/cut-name';
import { FileIcon } from '@/components/room/files/file-icon';
import { altOf, type PictureMessage } from './pictures';
import { saveLoaded } from './save-loaded';
import { StageNote, Stage } from './stage';
import { Tool, Turning } from './viewer-tools';
import { useZoom, type Zoom } from './use-zoom';

interface ShownPictureProps extends PictureMessage {
  session: RoomSession;
  /** Among all pictures, from 0. */
  place: number;
  count: number;
  onTurn: (step: -1 | 1) => void;
  /** Whether the key turned to another picture. */
  onKey: (event: KeyboardEvent) => boolean;
  onClose: () => void;
}

/** One picture, and what one can do with it. */
export function ShownPicture(props: ShownPictureProps) {
  'use memo';
  const { session, message, file, place, count, onTurn, onKey, onClose } = props;
  const { download, load } = useDownload(session, file);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, onTurn);
  const loadOnce = useEffectEvent(load);
  useEffect(() => loadOnce(), []);
  function pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (zoom.press(event.key) || onKey(event)) event.preventDefault();
  }
  return (
    <div onKeyDown={pressed} className="flex h-full flex-col pb-[env(safe-area-inset-bottom)]">
      <Bar {...props} download={download} zoom={zoom} onClose={onClose} />
      <div className="relative min-h-0 flex-1">
        <div
          ref={stage}
          className={`absolute inset-0 flex touch-none items-center justify-center overflow-clip p-2 select-none ${zoom.view.scale > 1 ? 'cursor-grab' : ''}`}
        >
          <Stage alt={altOf(message, file)} preview={previewOf(file)} download={download} view={zoom.view} />
          <StageNote download={download} onLoad={load} />
        </div>
        {count > 1 && <Turning place={place} count={count} onTurn={onTurn} />}
      </div>
    </div>
  );
}

interface BarProps extends ShownPictureProps {
  download: Download;
  zoom: Zoom;
}

function Bar({ message, file, place, count, download, zoom, onClose }: BarProps) {
  const t = useTranslations('files.received');
  const words = useFileWords();
  const about = t('about', { kind: t('place', { place: place + 1, count }), size: words.size(file.size) });
  const isThere = download.state === 'ready';
  return (
    <div className="flex items-center gap-1 px-3 py-2 sm:px-4">
      <div className="min-w-0 flex-1">
        <h2 tabIndex={-1} title={file.name} className="truncate font-medium outline-none">
          <bdi>{cutName(file.name)}</bdi>
        </h2>
        <p className="truncate text-sm text-soft tabular-nums">{about}</p>
        <p role="status" className="sr-only">
          {altOf(message, file)}
        </p>
      </div>
      <div className="hidden sm:contents">
        <Tool label={t('zoomOut')} isInert={!isThere || zoom.view.scale === 1} onPress={zoom.zoomOut}>
          <FileIcon name="zoomOut" />
        </Tool>
        <Tool label={t('zoomIn')} isInert={!isThere} onPress={zoom.zoomIn}>
          <FileIcon name="zoomIn" />
        </Tool>
      </div>
      <Tool
        label={t('saveAction')}
        isInert={!isThere}
        onPress={() => {
          if (download.state === 'ready') saveLoaded(download);
        }}
      >
        <Icon name={ROOM_ICONS.download} />
      </Tool>
      <IconButton icon="close" label={t('close')} onClick={onClose} />
    </div>
  );
}
