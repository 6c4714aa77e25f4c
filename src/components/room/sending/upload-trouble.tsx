'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { FileLimits } from '@/domain/room';
import type { Files } from '@/session/files/files';
import type { Upload, UploadFailure, UploadState } from '@/session/files/upload';
import { FileInput } from './file-input';

interface FailedUploadProps {
  failure: UploadTrouble;
  limits: FileLimits | null;
  onRetry: () => void;
  onRemove: () => void;
}

type UploadTrouble = Extract<UploadState, { kind: 'failed' }>;

/** The same again would fail again. */
const FINAL: readonly UploadFailure[] = ['changed', 'unreadable', 'file_too_large'];

/** Below a file that is not sent: why, and what to do. */
export function FailedUpload({ failure, limits, onRetry, onRemove }: FailedUploadProps) {
  const t = useTranslations('files.sending');
  const sentence = useTroubleSentence(limits);
  return (
    <div className="flex max-w-full flex-col items-end">
      <p role="alert" className="max-w-80 px-1 text-sm text-danger">
        {t('notSent')} {sentence(failure)}
      </p>
      <div className="flex flex-wrap justify-end">
        {!FINAL.includes(failure.reason) && (
          <Button tone="quiet" className="!px-3" onClick={onRetry}>
            {t('retry')}
          </Button>
        )}
        <Button tone="danger-quiet" className="!px-3" onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
    </div>
  );
}

function useTroubleSentence(limits: FileLimits | null): (failure: UploadTrouble) => string {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  const failureSentence = useFailureSentence();
  return ({ reason, maxBytes = 0 }) => {
    if (reason === 'changed' || reason === 'unreadable') return t(reason);
    if (limits !== null && reason === 'file_too_large') return t('too-large', { size: size(limits.maxBytes) });
    if (limits !== null && reason === 'file_limit_reached')
      return t(reason, { size: size(limits.roomBytes), some: String(maxBytes > 0), left: size(maxBytes) });
    return failureSentence({ reason });
  };
}

interface LostUploadProps {
  upload: Upload;
  files: Files;
  onRemove: () => void;
  onDone: () => void;
}

/** Below a file that a page before this one was sending: only its person can hand it over again. */
export function LostUpload({ upload: { fileId, name }, files, onRemove, onDone }: LostUploadProps) {
  const t = useTranslations('files.sending');
  const input = useRef<HTMLInputElement>(null);
  const [isOther, setIsOther] = useState(false);

  async function provide([file]: readonly File[]) {
    if (file === undefined) return;
    const isSame = await files.provide(fileId, await files.choose(file, file.name));
    setIsOther(!isSame);
    if (isSame) onDone();
  }

  return (
    <div className="flex max-w-full flex-col items-end">
      <p role="status" className="max-w-80 px-1 text-sm text-danger empty:hidden">
        {isOther && t('otherFile', { name: `\u2068${name}\u2069` })}
      </p>
      <div className="flex flex-wrap justify-end">
        <Button tone="quiet" className="!px-3" onClick={() => input.current?.click()}>
          {t('chooseAgain')}
        </Button>
        <Button tone="danger-quiet" className="!px-3" onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
      <FileInput ref={input} onChoose={(chosen) => void provide(chosen)} />
    </div>
  );
}
