'use client';

import { useTranslations } from 'next-intl';
import { Icon, type IconName } from '@/components/ui/icon';
import { shownName } from '@/domain/text-rules';
import type { NoticeEntry, Reactor } from '@/session/messages/transcript';
import { isolated } from '@/components/room/files/isolated';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useNameList } from '@/components/room/people/use-name-list';
import { useClockFormats } from './clock-time';
import type { NoticeGroup } from './group-entries';
import { PauseTime } from './pause-time';

/** An event of the room, or several of a kind, in one sentence. */
export function useNoticeSentence(): (group: Pick<NoticeGroup, 'entry' | 'count' | 'crowd'>) => string {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const list = useNameList();
  const namesOf = useNames();
  return ({ entry, count, crowd = [] }) => {
    const { notice, memberId, otherId = memberId, self, newName = null, newMark } = entry;
    const { topic = '', seconds = 0, people = [] } = entry;
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
      case 'not-extended':
        return t(notice);
      case 'ignored':
        return t(notice, { name, count });
      case 'slow-mode':
        return t(seconds === 0 ? 'slow-mode-off' : 'slow-mode-on', { seconds });
      case 'extended':
        return people.every((person) => person.self)
          ? t('extendedSelf')
          : t(notice, {
              names: list(selfFirst(people).map((person) => (person.self ? t('you') : label(person).inSentence))),
            });
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
        const { names, people: count } = namesOf(crowd);
        return count > 1 ? t(`${notice}-many`, { names, count }) : t(self ? `${notice}Self` : notice, { name });
      }
      default:
        return t(self ? `${notice}Self` : notice, { name });
    }
  };
}

/** “You and Bo”, as a sentence begins. */
const selfFirst = (people: readonly Reactor[]) => [
  ...people.filter(({ self }) => self),
  ...people.filter(({ self }) => !self),
];

/** Names the people of several notices, each once: some came and went more than once. */
function useNames(): (crowd: readonly NoticeEntry[]) => { names: string; people: number } {
  const label = usePersonLabel();
  const list = useNameList();
  return (crowd) => {
    const people = [...new Set(crowd.map((entry) => label(entry).inSentence))];
    return { names: list(people), people: people.length };
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
  'slow-mode': 'clock',
  extended: 'clock',
  'not-extended': 'clock',
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
