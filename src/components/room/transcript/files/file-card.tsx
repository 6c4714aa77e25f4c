'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFileWords } from '@/components/room/files/use-file-words';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Icon } from '@/components/ui/icon';
import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';
import { cutName } from '@/components/room/files/cut-name';
import { FileIcon, iconOfKind } from '@/components/room/files/file-icon';
import { isolated } from '@/components/room/files/isolated';
import { kindOfFile, type FileKind } from '@/components/room/files/kind-of-file';
import { PartButton } from './part-button';
import { ProgressRing } from './progress-ring';
import { saveLoaded } from './save-loaded';
import { useDownloadSentence } from './use-download-sentence';

/** A file, how far it is loaded, and what one can do about that. */
export interface Loadable {
  file: SharedFile;
  download: Download;
  onLoad: () => void;
  onStop: () => void;
}

interface FileCardProps extends Loadable {
  /** There is more to see than a card once it is loaded. */
  onShow?: (() => void) | undefined;
  children?: ReactNode;
}

/** A file by its name, and the way to have it. */
export function FileCard({ children, onShow, ...loadable }: FileCardProps) {
  'use memo';
  const { file, download } = loadable;
  const kind = kindInWords(file, download);
  return (
    <div className="w-72 max-w-full py-0.5 whitespace-normal has-[+[data-source]]:mb-1">
      <div className="flex items-center gap-3">
        <span className="inline-flex size-11 shrink-0 items-center justify-center rounded-xl bg-ink/6 text-soft forced-colors:border">
          <FileIcon name={iconOfKind(kind)} />
        </span>
        <div className="min-w-0 flex-1 leading-snug">
          <span title={file.name} className="block font-medium">
            <bdi>{cutName(file.name)}</bdi>
          </span>
          <span className="block text-sm text-soft tabular-nums">
            <About {...loadable} kind={kind} />
          </span>
        </div>
        <Action {...loadable} onShow={onShow} />
      </div>
      <Outcome {...loadable} isShown={children !== undefined && children !== false} />
      {children}
    </div>
  );
}

/** Of what claims to be a picture or a recording, and is not, nobody knows what it is. */
function kindInWords(file: SharedFile, download: Download): FileKind {
  const said = kindOfFile(file);
  if (download.state !== 'ready') return said;
  if (download.kind !== 'other') return download.kind;
  return ['picture', 'voice', 'audio', 'video'].includes(said) ? 'other' : said;
}

function About({ file, download, kind }: Loadable & { kind: FileKind }) {
  const t = useTranslations('files.received');
  const words = useFileWords();
  const size = words.size(file.size);
  if (download.state !== 'loading') return t('about', { kind: words.kind(kind), size });
  return download.isWaiting ? t('waiting') : t('loaded', { loaded: words.size(download.loaded), size });
}

/** One button, whatever there is to do, so that it keeps the focus. */
function Action({ file, download, onLoad, onStop, onShow }: FileCardProps) {
  const t = useTranslations('files.received');
  const name = isolated(file.name);
  switch (download.state) {
    case 'idle':
      return onShow === undefined ? (
        <PartButton label={t('download', { name })} onClick={onLoad} className={QUIET}>
          <Icon name={ROOM_ICONS.download} />
        </PartButton>
      ) : (
        <PartButton label={t('openNamed', { name })} onClick={onShow} className={QUIET}>
          <FileIcon name="picture" />
        </PartButton>
      );
    case 'loading':
      return (
        <PartButton label={t('cancel', { name })} onClick={onStop} className="text-accent">
          <ProgressRing part={download.loaded / file.size} />
          <Icon name="close" className="size-4" />
        </PartButton>
      );
    case 'ready':
      return (
        <PartButton
          label={t('save', { name })}
          onClick={() => saveLoaded(download)}
          className="bg-accent text-on-accent hover:bg-accent-strong"
        >
          <Icon name={ROOM_ICONS.download} />
        </PartButton>
      );
    case 'failed':
      return (
        <PartButton label={t('again')} onClick={onLoad} className={QUIET}>
          <Icon name={ROOM_ICONS.renew} />
        </PartButton>
      );
  }
}

const QUIET = 'text-accent hover:bg-ink/6';

/** Says why loading failed, that the file cannot be shown, or that it is there. */
function Outcome({ file, download, isShown }: Loadable & { isShown: boolean }) {
  const t = useTranslations('files.received');
  const sentence = useDownloadSentence();
  const said = kindOfFile(file);
  return (
    <div role="status" className="text-sm *:mt-1.5 *:block">
      {download.state === 'failed' && <span className="text-danger">{sentence(download.reason)}</span>}
      {download.state === 'ready' && (
        <>
          {!isShown && said === 'picture' && <span className="text-soft">{t('unshowable')}</span>}
          {!isShown && (said === 'audio' || said === 'video' || said === 'voice') && (
            <span className="text-soft">{t('unplayable')}</span>
          )}
          <span className="sr-only">{t('ready', { name: isolated(file.name) })}</span>
        </>
      )}
    </div>
  );
}
