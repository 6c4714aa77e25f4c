'use client';

import { useTranslations } from 'next-intl';
import type { RoomSession } from '@/session/room-session';
import type { NoticeGroup } from './group-entries';
import { useNoticeSentence } from './notice';
import { PauseTime } from './pause-time';

/** In the place of a message by a member that the reader ignores, and the way back, also where that member has left. */
export function IgnoredLine({ group, session }: { group: NoticeGroup; session: Pick<RoomSession, 'ignored'> }) {
  const t = useTranslations('transcript');
  const sentence = useNoticeSentence();
  const { memberId, timestamp } = group.entry;
  return (
    <li data-key={group.key} className="flex flex-col text-xs text-soft">
      {group.isAfterPause && <PauseTime timestamp={timestamp} />}
      <span className="flex flex-wrap items-center justify-center gap-x-1 text-center">
        <span className="text-balance wrap-anywhere">{sentence(group)}</span>
        <button
          type="button"
          onClick={(event) => {
            // The button goes with the line.
            event.currentTarget.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
            if (memberId !== undefined) session.ignored.ignore(memberId, false);
          }}
          className="min-h-11 min-w-11 rounded-lg px-1.5 font-medium text-accent underline-offset-4 hover:underline"
        >
          {t('stopIgnoring')}
        </button>
      </span>
    </li>
  );
}
