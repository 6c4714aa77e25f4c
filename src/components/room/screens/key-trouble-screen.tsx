'use client';

import { useTranslations } from 'next-intl';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';
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
