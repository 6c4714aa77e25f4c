import { useTranslations } from 'next-intl';
import type { Failure } from '@/domain/failure';

/** Returns a function that puts a failure into words, with the time to wait where the server gave one. */
export function useFailureSentence(): (failure: Failure) => string {
  const t = useTranslations('failure');
  return (failure) => t(failure.reason, { seconds: failure.retryAfterSeconds ?? 0 });
}
