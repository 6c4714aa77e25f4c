'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { plainWords } from '@/lib/markup';
import type { Quote } from '@/session/messages/transcript';

/** Above a reply: the message that it answers, as that is now. */
export function QuotedMessage({ quote }: { quote: Quote }) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const { memberId, self, text, state } = quote;
  const name = self ? t('you') : memberId === undefined ? null : label(quote).inSentence;
  const words = {
    said: text === null ? null : plainWords(text),
    unopened: t('unopened'),
    newer: t('newer'),
    unverified: t('unverified'),
    'unknown-epoch': t('unknown-epoch'),
    'taken-back': t('quoteTakenBack'),
    'not-loaded': t('quoteNotLoaded'),
  }[state];
  return (
    <blockquote data-tint={quote.tint} className="mb-1 border-s-2 border-(--tint) ps-2 text-sm text-soft">
      <span className="sr-only">{name === null ? t('replyToUnknown') : t('replyTo', { name })}: </span>
      {name !== null && (
        <span aria-hidden="true" className="font-medium">
          {name}{' '}
        </span>
      )}
      <span dir="auto" className="line-clamp-2">
        {words}
      </span>
    </blockquote>
  );
}
