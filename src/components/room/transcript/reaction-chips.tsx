'use client';

import { useTranslations } from 'next-intl';
import type { MessageEntry } from '@/session/messages/transcript';

/** Under a message: each emoji with the number of people who chose it. */
export function ReactionChips({ reactions }: { reactions: NonNullable<MessageEntry['reactions']> }) {
  const t = useTranslations('transcript');
  return (
    <ul aria-label={t('reactions')} className="flex max-w-full flex-wrap gap-1 px-1">
      {reactions.map(({ emoji, count, mine }) => (
        <li
          key={emoji}
          className={`rounded-full border px-2 py-0.5 text-sm ${mine ? 'border-accent bg-accent-soft' : 'border-line'}`}
        >
          <span className="sr-only">{t('reaction', { emoji, count, mine: String(mine) })}</span>
          <span aria-hidden="true">
            {emoji} {count}
          </span>
        </li>
      ))}
    </ul>
  );
}
