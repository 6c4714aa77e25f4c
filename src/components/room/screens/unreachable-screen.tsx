'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';
import { Button } from '@/components/ui/button';
import type { Failure } from '@/domain/failure';
import { UnsentDraft } from './unsent-draft';

/** The server cannot be asked for the room. It is not a part of its own, since a part could not be fetched either. */
export function UnreachableScreen({
  failure,
  draft,
  onRetry,
}: {
  failure: Failure;
  draft: string;
  onRetry: () => void;
}) {
  const t = useTranslations('trouble');
  const failureSentence = useFailureSentence();
  return (
    <PlainScreen
      icon="alert"
      heading={t('unreachableHeading')}
      actions={
        <>
          <Button tone="primary" onClick={onRetry}>
            {t('again')}
          </Button>
          <FrontLink>{t('home')}</FrontLink>
        </>
      }
    >
      <p role="alert">{failureSentence(failure)}</p>
      <UnsentDraft draft={draft} />
    </PlainScreen>
  );
}
