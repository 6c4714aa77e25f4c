'use client';

import { useLocale, useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';
import { shownName } from '@/domain/text-rules';
import { languageName } from '@/lib/languages';
import type { ShownRoom } from './arrange-rooms';

const MINUTE_MS = 60_000;

/** A public room, all of it one link: by a new page load, because a room's page has headers of its own. */
export function PublicRoom({ room, now }: { room: ShownRoom; now: number }) {
  const t = useTranslations('lobby');
  const { roomId, topic, language, members, here, maxMembers, expiresAt, isGone = false } = room;
  const minutes = Math.ceil((expiresAt - now) / MINUTE_MS);
  return (
    <li className="min-w-0">
      <a
        href={`/room/${roomId}`}
        className="flex h-full min-h-11 flex-col gap-1 rounded-2xl border border-line bg-surface px-4 py-3 transition-colors hover:border-edge hover:bg-sunken"
      >
        <span dir="auto" lang={language} className={`font-medium wrap-anywhere ${isGone ? 'text-soft' : ''}`}>
          {shownName(topic)}
        </span>
        <span className="flex flex-wrap items-center gap-x-3 text-sm text-soft tabular-nums">
          {isGone ? (
            t('gone')
          ) : (
            <>
              {language !== undefined && <Language tag={language} />}
              <span>{t('people', { here })}</span>
              <span>{t('seats', { members, max: maxMembers })}</span>
              <span className="inline-flex items-center gap-1">
                <Icon name="clock" className="size-3.5" />
                {t('minutesLeft', { minutes })}
              </span>
            </>
          )}
        </span>
      </a>
    </li>
  );
}

function Language({ tag }: { tag: string }) {
  return <span>{languageName(tag, useLocale())}</span>;
}
