'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { useMembers } from '@/hooks/use-members';
import { useRoomInfo } from '@/hooks/use-room-info';
import { PersonRow } from './person-row';
import { RemovePersonDialog } from './remove-person-dialog';

/** Everybody with a seat, in the order of seating; the owner can remove them here. */
export function PeoplePanel({ session }: { session: RoomSession }) {
  const t = useTranslations('people');
  const people = useMembers(session);
  const { room, you } = useRoomInfo(session);
  const [chosen, setChosen] = useState<Person | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const isRemoving = useRef(false);
  // Removing a row removes the focused button with it.
  useEffect(() => {
    if (!isRemoving.current || document.activeElement !== document.body) return;
    isRemoving.current = false;
    list.current?.focus({ preventScroll: true });
  }, [people.length]);
  return (
    <>
      <p className="px-2 text-sm text-soft">{t('summary', { taken: room.members, max: room.maxMembers })}</p>
      <ul ref={list} tabIndex={-1} className="mt-2 outline-none">
        {people.map((person) => (
          <PersonRow
            key={person.memberId}
            person={person}
            session={session}
            onRemove={you.owner && !person.self ? () => setChosen(person) : null}
          />
        ))}
      </ul>
      <RemovePersonDialog
        session={session}
        person={chosen}
        onRemove={() => {
          isRemoving.current = true;
        }}
        onClose={() => setChosen(null)}
      />
    </>
  );
}
