'use client';

import { useTranslations } from 'next-intl';
import { Icon, type IconName } from '@/components/ui/icon';
import type { NoticeEntry } from '@/session/messages/transcript';
import { usePersonLabel } from '@/components/room/people/person-label';
import { ClockTime } from './clock-time';
import type { NoticeGroup } from './group-entries';

/** An event of the room in one sentence. */
export function useNoticeSentence(): (group: Pick<NoticeGroup, 'entry' | 'count'>) => string {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  return ({ entry, count }) => {
    const { notice, memberId, otherId = memberId, self, newName = null, newMark } = entry;
    const name = label(entry).inSentence;
    const other = label({ name: newName, mark: newMark, memberId: otherId }).inSentence;
    switch (notice) {
      case 'locked':
      case 'unlocked':
      case 'waited':
      case 'last-minute':
        return t(notice);
      case 'renamed':
        return t(newName === null ? 'renamed-unreadable' : notice, { name, newName: other });
      case 'moved':
        return t(isSameLabel(entry) ? notice : 'moved-renamed', { name, newName: other });
      case 'other-name':
        return t(notice, { name, newName: other });
      case 'owner-took-back':
        return t(self ? `${notice}Self` : notice, { name, newName: other, count });
      case 'took-back':
      case 'taken-back':
        return t(self ? `${notice}Self` : notice, { name, count });
      default:
        return t(self ? `${notice}Self` : notice, { name });
    }
  };
}

/** A member with new keys goes by the name of before, as a rule. */
const isSameLabel = ({ name, mark, newName, newMark }: NoticeEntry) =>
  name !== null && name === newName && mark === newMark;

const ICONS: Partial<Record<NoticeEntry['notice'], IconName>> = {
  locked: 'lock',
  unlocked: 'unlock',
  moved: 'shield',
  rekeyed: 'shield',
  'last-minute': 'clock',
};

export function Notice({ group }: { group: NoticeGroup }) {
  const { key, entry } = group;
  const sentence = useNoticeSentence();
  const icon = ICONS[entry.notice];
  return (
    <li data-key={key} className="pt-4 text-center text-sm text-balance wrap-anywhere text-soft">
      {icon !== undefined && <Icon name={icon} className="mr-1 inline size-3.5 align-[-0.125em]" />}
      {sentence(group)}
      <ClockTime timestamp={entry.timestamp} className="ml-2 text-xs whitespace-nowrap" />
    </li>
  );
}
