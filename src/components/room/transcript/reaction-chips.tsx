'use client';

import { useTranslations } from 'next-intl';
import type { MessageEntry } from '@/session/messages/transcript';

/** The most used ones. Everybody may add hundreds, which must not push the talk out of sight. */
const CHIPS_MAX = 20;
/** As high as one line, whatever is stacked upon an emoji. */
const CHIP = 'h-6.5 overflow-hidden rounded-full border px-2 py-0.5 text-sm whitespace-nowrap';

/** Under a message: each emoji with the number of people who chose it. One's own are always there. */
export function ReactionChips({ reactions }: { reactions: NonNullable<MessageEntry['reactions']> }) {
  const t = useTranslations('transcript');
  const mostUsed = [...reactions].sort((one, other) => other.count - one.count).slice(0, CHIPS_MAX);
  const shown = reactions.filter((reaction) => reaction.mine || mostUsed.includes(reaction));
  const hidden = reactions.length - shown.length;
  return (
    <ul aria-label={t('reactions')} className="flex max-w-full flex-wrap gap-1 px-1">
      {shown.map(({ emoji, count, mine }) => (
        <li key={emoji} className={`${CHIP} ${mine ? 'border-accent bg-accent-soft' : 'border-line'}`}>
          <span className="sr-only">{t('reaction', { emoji, count, mine: String(mine) })}</span>
          <span aria-hidden="true">
            {emoji} {count}
          </span>
        </li>
      ))}
      {hidden > 0 && (
        <li className={`${CHIP} border-line text-soft`}>
          <span className="sr-only">{t('more', { count: hidden })}</span>
          <span aria-hidden="true">+{hidden}</span>
        </li>
      )}
    </ul>
  );
}
