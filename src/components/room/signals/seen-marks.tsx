'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Avatar } from '@/components/room/people/avatar';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { MemberId } from '@/domain/room';
import { usePeopleOf, useSeenBy } from '@/hooks/use-signals';
import type { RoomSession } from '@/session/room-session';

/** More would be a crowd: then one fewer is shown, and the others are counted. */
const MARKS_MAX = 5;
/** The names stand beside the marks while one points at them, or has the message before one by keyboard or finger. */
const NAMES =
  'invisible min-w-0 truncate text-xs leading-4.5 text-soft group-hover/seen:visible group-focus-visible/message:visible group-data-held/message:visible';

/** Under a message, the others who have read it and nothing after it. Most messages have none, and no height for them. */
export function SeenMarks({ session, messageKey }: { session: RoomSession; messageKey: string }) {
  const memberIds = useSeenBy(session, messageKey);
  return memberIds !== undefined && <SeenBy session={session} memberIds={memberIds} />;
}

function SeenBy({ session, memberIds }: { session: RoomSession; memberIds: readonly MemberId[] }) {
  const t = useTranslations('signals');
  const format = useFormatter();
  const label = usePersonLabel();
  const people = usePeopleOf(session, memberIds);
  if (people.length === 0) return null;
  const seenBy = t('seenBy', { names: format.list(people.map((person) => label(person).inSentence)) });
  const shown = people.length > MARKS_MAX ? people.slice(0, MARKS_MAX - 1) : people;
  return (
    <div role="group" aria-label={seenBy} className="group/seen flex max-w-full items-center gap-2 self-end px-1">
      <span aria-hidden="true" className={NAMES}>
        {seenBy}
      </span>
      <span aria-hidden="true" className="flex shrink-0 animate-appear items-center gap-0.5">
        {shown.map((person) => (
          <span key={person.memberId} data-tint={person.tint} className="flex">
            <Avatar person={person} size="tiny" />
          </span>
        ))}
        {shown.length < people.length && (
          <span className="ps-0.5 text-xs leading-4.5 text-soft tabular-nums">
            {t('moreSeen', { count: people.length - shown.length })}
          </span>
        )}
      </span>
    </div>
  );
}
