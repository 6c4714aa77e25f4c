'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { IconButton } from '@/components/ui/button';
import { cutName } from '@/components/room/files/cut-name';
import { FileIcon, iconOfKind } from '@/components/room/files/file-icon';
import { kindOfFile } from '@/components/room/files/kind-of-file';
import { Raster } from '@/components/room/files/raster';
import type { FileLimits } from '@/domain/room';
import type { Files } from '@/session/files/files';
import type { Upload, UploadState } from '@/session/files/upload';
import { useFocusPassedOn } from '@/components/room/transcript/use-focus-passed-on';
import { MediaButton } from './media-button';
import { UploadLine } from './upload-line';
import { FailedUpload, LostUpload } from './upload-trouble';

interface UploadRowProps {
  upload: Upload;
  limits: FileLimits | null;
  files: Files;
  onDone: () => void;
}

const MAY_PAUSE: readonly UploadState['kind'][] = ['queued', 'sending', 'waiting'];

/** A file on its way: like the message that it becomes, with how far it is and what one can do about that. */
export function UploadRow({ upload, limits, files, onDone }: UploadRowProps) {
  'use memo';
  const t = useTranslations('files.sending');
  const nameId = useId();
  const element = useFocusPassedOn();
  const { fileId, state, text } = upload;
  // The name of a recording is only made up for its file.
  const name = upload.voice === undefined ? upload.name : t('voice');
  const isPaused = state.kind === 'paused';
  const cancel = () => {
    void files.cancel(fileId);
    onDone();
  };
  return (
    <li>
      <div ref={element} className="flex flex-col items-end gap-1 pt-3">
        <div
          role="group"
          aria-labelledby={nameId}
          className="w-80 max-w-full rounded-2xl bg-accent-soft px-3 py-2 forced-colors:border forced-colors:border-[Highlight]"
        >
          <div className="flex items-center gap-1">
            <Face upload={upload} />
            <div className="ms-2 min-w-0 flex-1 leading-snug">
              <span className="block font-medium wrap-anywhere">
                <bdi id={nameId} title={name}>
                  {cutName(name)}
                </bdi>
              </span>
              <UploadLine upload={upload} />
            </div>
            {(isPaused || MAY_PAUSE.includes(state.kind)) && (
              // One button, so that whoever pauses with the keyboard can go on with the same key.
              <MediaButton
                icon={isPaused ? 'play' : 'pause'}
                label={t(isPaused ? 'resume' : 'pause', { name })}
                onClick={() => (isPaused ? files.resume : files.pause)(fileId)}
              />
            )}
            {state.kind !== 'failed' && state.kind !== 'lost' && (
              <IconButton
                icon="close"
                label={t('cancel', { name })}
                onClick={cancel}
                className="-me-1 hover:!bg-ink/6"
              />
            )}
          </div>
          {state.kind !== 'failed' && <Progress upload={upload} name={name} />}
          {text !== undefined && (
            <p dir="auto" className="mt-1.5 mb-0.5 leading-relaxed wrap-anywhere whitespace-pre-wrap">
              {text}
            </p>
          )}
        </div>
        {state.kind === 'failed' && (
          <FailedUpload
            failure={state}
            limits={limits}
            onRetry={() => {
              files.resume(fileId);
              onDone();
            }}
            onRemove={cancel}
          />
        )}
        {state.kind === 'lost' && <LostUpload upload={upload} files={files} onRemove={cancel} onDone={onDone} />}
      </div>
    </li>
  );
}

function Face({ upload: { type, preview, voice } }: Pick<UploadRowProps, 'upload'>) {
  const kind = kindOfFile({ type, ...(preview !== undefined && { preview }), ...(voice && { voice }) });
  return (
    <span className="inline-flex size-11 shrink-0 items-center justify-center overflow-hidden rounded-xl bg-ink/6 text-soft forced-colors:border">
      {preview === undefined ? (
        <FileIcon name={iconOfKind(kind)} />
      ) : (
        <Raster src={preview} alt="" className="size-full object-cover" />
      )}
    </span>
  );
}

function Progress({ upload: { size, sent, state }, name }: Pick<UploadRowProps, 'upload'> & { name: string }) {
  const t = useTranslations('files.sending');
  const percent = Math.floor((sent / size) * 100);
  return (
    <div
      role="progressbar"
      aria-label={t('progress', { name })}
      aria-valuenow={percent}
      className="mt-2 mb-1 h-1 overflow-hidden rounded-full bg-ink/12 forced-colors:border"
    >
      <div
        style={{ width: `${percent}%` }}
        className={`h-full rounded-full motion-safe:[transition:width_200ms] ${state.kind === 'sending' ? 'bg-accent forced-colors:bg-[Highlight]' : 'bg-edge forced-colors:bg-[GrayText]'}`}
      />
    </div>
  );
}
