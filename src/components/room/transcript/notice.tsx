'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Icon, type IconName } from '@/components/ui/icon';
import { shownName } from '@/domain/text-rules';
import type { NoticeEntry } from '@/session/messages/transcript';
import { isolated } from '@/components/room/files/isolated';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useClockFormats } from './clock-time';
import type { NoticeGroup } from './group-entries';
import { PauseTime } from './pause-time';

/** A line that names more people than this names one fewer, and counts the others. */
const NAMED_MAX = 3;

/** An event of the room, or several of a kind, in one sentence. */
export function useNoticeSentence(): (group: Pick<NoticeGroup, 'entry' | 'count' | 'crowd'>) => string {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const namesOf = useNames();
  return ({ entry, count, crowd = [] }) => {
    const { notice, memberId, otherId = memberId, self, newName = null, newMark, topic = '' } = entry;
    const name = label(entry).inSentence;
    const other = label({ name: newName, mark: newMark, memberId: otherId }).inSentence;
    switch (notice) {
      case 'locked':
      case 'unlocked':
      case 'unlisted':
      case 'waited':
      case 'asks-first':
      case 'asks-nobody':
      case 'last-minute':
        return t(notice);
      case 'ignored':
        return t(notice, { name, count });
      case 'listed':
      case 'topic':
        return t(notice, { topic: isolated(shownName(topic)) });
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
      case 'joined':
      case 'left': {
        const { names, people } = namesOf(crowd);
        return people > 1
          ? t(`${notice}-many`, { names, count: people })
          : t(self ? `${notice}Self` : notice, { name });
      }
      default:
        return t(self ? `${notice}Self` : notice, { name });
    }
  };
}

/** Names the people of several notices, each once: some came and went more than once. */
function useNames(): (crowd: readonly NoticeEntry[]) => { names: string; people: number } {
  const t = useTranslations('transcript');
  const format = useFormatter();
  const label = usePersonLabel();
  return (crowd) => {
    const people = [...new Set(crowd.map((entry) => label(entry).inSentence))];
    const named = people.length > NAMED_MAX ? people.slice(0, NAMED_MAX - 1) : people;
    const others = people.length - named.length;
    return {
      names: format.list(others === 0 ? named : [...named, t('others', { count: others })]),
      people: people.length,
    };
  };
}

/** A member with new keys goes by the name of before, as a rule. */
const isSameLabel = ({ name, mark, newName, newMark }: NoticeEntry) =>
  name !== null && name === newName && mark === newMark;

const ICONS: Partial<Record<NoticeEntry['notice'], IconName>> = {
  locked: 'lock',
  unlocked: 'unlock',
  listed: 'people',
  moved: 'shield',
  rekeyed: 'shield',
  'last-minute': 'clock',
};

export function Notice({ group }: { group: NoticeGroup }) {
  const { key, entry } = group;
  const sentence = useNoticeSentence();
  const { exact } = useClockFormats();
  const icon = ICONS[entry.notice];
  return (
    <li data-key={key} className="pt-3 text-center text-xs text-balance wrap-anywhere text-soft">
      {group.isAfterPause && <PauseTime timestamp={entry.timestamp} />}
      <span title={exact.format(entry.timestamp)}>
        {icon !== undefined && <Icon name={icon} className="me-1 inline size-3.5 align-[-0.125em]" />}
        {sentence(group)}
      </span>
    </li>
  );
}
