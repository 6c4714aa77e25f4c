'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';
import { Button } from '@/components/ui/button';
import type { Failure } from '@/domain/failure';
import { UnsentDraft } from './unsent-draft';

const WORDS = {
  'insecure-context': { heading: 'insecureHeading', body: 'insecure', icon: 'unlock' },
  'key-missing': { heading: 'keyMissingHeading', body: 'keyMissing', icon: 'alert' },
  'key-replaced': { heading: 'keyReplacedHeading', body: 'keyReplaced', icon: 'alert' },
  /** The same for a member, whose keys this browser has lost. */
  seated: { heading: 'keyReplacedHeading', body: 'keyReplacedSeated', icon: 'alert' },
  'key-wrong': { heading: 'keyWrongHeading', body: 'keyWrong', icon: 'alert' },
} as const;

/** The link does not open the room; shown instead of the door. */
export function KeyTroubleScreen({ trouble, draft }: { trouble: keyof typeof WORDS; draft: string }) {
  const t = useTranslations('trouble');
  const words = WORDS[trouble];
  return (
    <PlainScreen icon={words.icon} heading={t(words.heading)} actions={<FrontLink>{t('home')}</FrontLink>}>
      <p>{t(words.body)}</p>
      {trouble !== 'seated' && <p>{t('notJoined')}</p>}
      <UnsentDraft draft={draft} />
    </PlainScreen>
  );
}

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
