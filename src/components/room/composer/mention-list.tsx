'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId, useImperativeHandle, useState, type RefObject } from 'react';
import { Avatar } from '@/components/room/people/avatar';
import { PersonName } from '@/components/room/people/person-name';
import { useMediaQuery } from '@/components/ui/use-media-query';
import { fitsQuery, mentionQueryAt } from '@/domain/mention-query';
import { handleOf } from '@/domain/mentions';
import { useMembers, type Person } from '@/hooks/use-members';
import type { RoomSession } from '@/session/room-session';
import { useCaret } from './use-caret';

/** More names than this are told apart by typing on. */
const SHOWN_MAX = 5;
const SHOWN_MAX_SHORT = 3;
const SHORT = '(max-height: 26rem)';

/** Takes a key of the field, and says whether it did. */
export type ListKeys = (event: Pick<KeyboardEvent, 'key' | 'shiftKey'>) => boolean;

/** The list that belongs to the field, and the name in it that is chosen next. */
export interface Listed {
  listId: string;
  optionId: string;
}

interface MentionListProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  setDraft: (draft: string) => void;
  keys: RefObject<ListKeys | null>;
  onShow: (listed: Listed | null) => void;
}

/** The people that an `@` may speak to, above the field, which keeps the focus and its keys but for those that choose. */
export function MentionList({ session, field, draft, setDraft, keys, onShow }: MentionListProps) {
  const t = useTranslations('composer');
  const id = useId();
  const { options, active, setActive, choose, close } = useChoice({ session, field, draft, setDraft });
  const optionId = options.length === 0 ? null : `${id}-${active}`;

  useImperativeHandle(keys, () => ({ key, shiftKey }) => {
    const chosen = options[active];
    if (chosen === undefined) return false;
    if (key === 'ArrowDown') setActive((active + 1) % options.length);
    else if (key === 'ArrowUp') setActive((active + options.length - 1) % options.length);
    else if ((key === 'Enter' || key === 'Tab') && !shiftKey) choose(chosen);
    else if (key === 'Escape') close();
    else return false;
    return true;
  });
  useEffect(() => {
    onShow(optionId === null ? null : { listId: id, optionId });
    return () => onShow(null);
  }, [id, optionId, onShow]);

  return (
    <>
      <p aria-live="polite" className="sr-only">
        {options.length > 0 && t('mentionCount', { count: options.length })}
      </p>
      {options.length > 0 && (
        <ul
          id={id}
          role="listbox"
          aria-label={t('mentionList')}
          className="mb-1 w-full animate-appear overflow-hidden rounded-2xl border border-line bg-surface p-1 sm:max-w-sm"
        >
          {options.map((person, index) => (
            <li
              key={person.memberId}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              data-tint={person.tint}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(person)}
              className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2 aria-selected:bg-sunken forced-colors:aria-selected:outline-2 forced-colors:aria-selected:-outline-offset-2 forced-colors:aria-selected:outline-[Highlight]"
            >
              <Avatar person={person} here={person.here} size="small" />
              <PersonName person={person} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

type ChoiceSettings = Pick<MentionListProps, 'session' | 'field' | 'draft' | 'setDraft'>;

function useChoice({ session, field, draft, setDraft }: ChoiceSettings) {
  const people = useMembers(session);
  const shownMax = useMediaQuery(SHORT) ? SHOWN_MAX_SHORT : SHOWN_MAX;
  const [caret, lookAtCaret] = useCaret(field);
  const [active, setActive] = useState(0);
  /** The `@` whose list was closed, or used. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [typed, setTyped] = useState('');

  const query = caret === null ? null : mentionQueryAt(draft, caret);
  if (closedAt !== null && !draft.startsWith('@', closedAt)) setClosedAt(null);
  // Every further letter makes another list, whose first name is the best one.
  if (query !== null && query.text !== typed) {
    setTyped(query.text);
    setActive(0);
  }
  // A name ends with a space: one that goes on shows by its next letter, and Enter sends meanwhile.
  const isOpen = query !== null && query.start !== closedAt && !query.text.endsWith(' ');
  const options = isOpen ? optionsFor(people, query.text).slice(0, shownMax) : [];

  function choose(person: Person) {
    const element = field.current;
    const handle = handleOf(person);
    if (element === null || query === null || caret === null || handle === null) return;
    const space = draft.startsWith(' ', caret) ? '' : ' ';
    element.setRangeText(`@${handle}${space}`, query.start, caret, 'end');
    setDraft(element.value);
    setClosedAt(query.start);
    lookAtCaret();
  }

  return {
    options,
    active: Math.min(active, Math.max(0, options.length - 1)),
    setActive,
    choose,
    close: () => setClosedAt(query?.start ?? null),
  };
}

/** Whoever is here first, then by how the name begins. */
function optionsFor(people: readonly Person[], query: string): readonly Person[] {
  const rank = (person: Person) =>
    (person.here ? 0 : 2) + ((handleOf(person) ?? '').toLowerCase().startsWith(query.toLowerCase()) ? 0 : 1);
  return people
    .filter((person) => !person.self && person.unverified !== true && fitsQuery(handleOf(person) ?? '', query))
    .filter((person) => handleOf(person) !== null)
    .sort((one, other) => rank(one) - rank(other));
}
