'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { IconButton } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { cutName } from '@/components/room/files/cut-name';
import { FileIcon, iconOfKind } from '@/components/room/files/file-icon';
import { kindOfFile } from '@/components/room/files/kind-of-file';
import { Raster } from '@/components/room/files/raster';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { FileLimits } from '@/domain/room';
import type { Chosen } from '@/session/files/upload';

const THUMB =
  'inline-flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-xl bg-sunken text-soft forced-colors:border';

interface ChosenRowProps {
  /** Null until it has been looked at. */
  chosen: Chosen | null;
  limits: FileLimits;
  onRemove: () => void;
}

/** One file in the sheet: what it is, what is taken out of it, and why it stays here. */
export function ChosenRow({ chosen, limits, onRemove }: ChosenRowProps) {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  return (
    <li className="flex min-h-14 shrink-0 items-center gap-3 py-1">
      <span className={THUMB}>{chosen === null ? <Spinner /> : <Thumb chosen={chosen} />}</span>
      {chosen === null ? (
        <p className="min-w-0 flex-1 text-sm text-soft">{t('looking')}</p>
      ) : (
        <div className="min-w-0 flex-1 leading-snug">
          <p className="font-medium wrap-anywhere">
            <bdi title={chosen.name}>{cutName(chosen.name)}</bdi>
          </p>
          {chosen.fault === null ? (
            <p className="text-sm text-soft tabular-nums">
              {chosen.metadata === 'none'
                ? size(chosen.content.size)
                : t(chosen.metadata, { size: size(chosen.content.size) })}
            </p>
          ) : (
            <p className="text-sm text-danger">{t(chosen.fault, { size: size(limits.maxBytes) })}</p>
          )}
        </div>
      )}
      {chosen !== null && (
        <IconButton icon="close" label={t('removeNamed', { name: chosen.name })} onClick={onRemove} />
      )}
    </li>
  );
}

function Thumb({ chosen: { kind, content, preview } }: { chosen: Chosen }) {
  if (preview !== undefined) return <Raster src={preview} alt="" className="size-full object-cover" />;
  if (kind === 'picture') return <Picture content={content} />;
  return <FileIcon name={iconOfKind(kind === 'other' ? kindOfFile(content) : kind)} />;
}

/** Straight from the file, where no small one could be made. */
function Picture({ content }: { content: Blob }) {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(content);
    if (picture.current !== null) picture.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [content]);
  return <Raster ref={picture} alt="" className="size-full object-cover" />;
}
