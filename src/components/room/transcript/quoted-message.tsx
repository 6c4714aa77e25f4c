'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { plainWords } from '@/lib/markup';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { Quote } from '@/session/messages/transcript';

interface QuotedMessageProps {
  quote: Quote;
  /** Goes to the entry of a key. */
  onGo: (key: string) => void;
}

/** Above a reply: the message that it answers, as that is now, and the way there. */
export function QuotedMessage({ quote, onGo }: QuotedMessageProps) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const { summary } = useFileWords();
  const { memberId, self, text, state, file } = quote;
  const name = self ? t('you') : memberId === undefined ? null : label(quote).inSentence;
  const words = {
    said: file !== undefined ? summary(file) : text === null ? null : plainWords(text),
    unopened: t('unopened'),
    newer: t('newer'),
    unverified: t('unverified'),
    'unknown-epoch': t('unknown-epoch'),
    'taken-back': t('quoteTakenBack'),
    'not-loaded': t('quoteNotLoaded'),
  }[state];
  const said = (
    <>
      <span className="sr-only">{name === null ? t('replyToUnknown') : t('replyTo', { name })}: </span>
      {name !== null && (
        <span aria-hidden="true" className="font-medium">
          {name}{' '}
        </span>
      )}
      <span dir="auto" className="line-clamp-2">
        {words}
      </span>
    </>
  );
  return (
    <blockquote data-tint={quote.tint} className="mb-1 border-s-2 border-(--tint) text-sm text-soft">
      {state === 'taken-back' ? (
        <div className="ps-2">{said}</div>
      ) : (
        <button
          type="button"
          data-part
          tabIndex={-1}
          title={t('goToQuoted')}
          onClick={() => onGo(quote.key)}
          className="block min-h-11 w-full rounded-e-md ps-2 text-start hover:text-ink forced-colors:border-0"
        >
          {said}
        </button>
      )}
    </blockquote>
  );
}
