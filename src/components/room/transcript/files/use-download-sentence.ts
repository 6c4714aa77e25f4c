import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import type { DownloadFailure } from '@/session/files/download';

/** Returns a function that says why a file could not be loaded. */
export function useDownloadSentence(): (reason: DownloadFailure) => string {
  const t = useTranslations('files.received');
  const sentence = useFailureSentence();
  return (reason) =>
    reason === 'altered' ? t(reason) : reason === 'file_not_found' ? t('takenBack') : sentence({ reason });
}
