'use client';

import { useTranslations } from 'next-intl';

/** Where the reader stopped: everything below came while they were away. */
export function NewLine() {
  const t = useTranslations('transcript');
  return (
    <li className="pt-5">
      <div role="separator" aria-label={t('newLineSpoken')} className="flex items-center gap-3 text-accent">
        <span className="flex-1 border-t border-current opacity-40 forced-colors:opacity-100" />
        <span className="text-xs font-semibold">{t('newLine')}</span>
        <span className="flex-1 border-t border-current opacity-40 forced-colors:opacity-100" />
      </div>
    </li>
  );
}
