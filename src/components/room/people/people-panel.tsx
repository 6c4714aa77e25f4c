'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { useKnocks } from '@/hooks/use-knocks';
import { useMembers } from '@/hooks/use-members';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useKnockParts } from '@/components/room/knocks/use-knock-parts';
import { useSteeringParts } from '@/components/room/steering/use-steering-parts';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import { PersonRow } from './person-row';

interface PeoplePanelProps {
  session: RoomSession;
  /** Something else on the screen is to be seen now. */
  onDone?: () => void;
}

/** Everybody with a seat, in the order of seating; the owner can remove them here. */
export function PeoplePanel({ session, onDone }: PeoplePanelProps) {
  const t = useTranslations('people');
  const people = useMembers(session);
  const { room, you } = useRoomInfo(session);
  const [leaver, setLeaver] = useState<Person | null>(null);
  const [detailed, setDetailed] = useState<Person | null>(null);
  const [heir, setHeir] = useState<Person | null>(null);
  const dialogs = useRoomDialogs(leaver !== null || detailed !== null);
  const knocks = useKnockParts(session);
  const waiting = useKnocks(session).waiting.length;
  const steering = useSteeringParts(you.owner && (detailed !== null || heir !== null));
  const { list, expectRemoval } = useListFocus(people.length, waiting);

  function closeDetails() {
    setDetailed(null);
    // The member left meanwhile, and the button that had the focus with them.
    if (document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }

  const choose = (person: Person) => {
    closeDetails();
    setHeir(person);
  };

  return (
    <>
      {knocks !== null && <knocks.KnockList session={session} onAnswer={expectRemoval} />}
      <p className="px-2 text-sm text-soft">{t('summary', { taken: room.members, max: room.maxMembers })}</p>
      <ul ref={list} tabIndex={-1} className="mt-2 outline-none">
        {people.map((person) => (
          <PersonRow
            key={person.memberId}
            person={person}
            session={session}
            onDetails={room.sealed || !person.self ? () => setDetailed(person) : null}
            onRemove={you.owner && !person.self ? () => setLeaver(person) : null}
          />
        ))}
      </ul>
      {dialogs !== null && (
        <>
          <dialogs.RemovePersonDialog
            session={session}
            person={leaver}
            onRemove={expectRemoval}
            onClose={() => setLeaver(null)}
          />
          <dialogs.PersonDetails
            session={session}
            person={detailed}
            onGive={you.owner ? choose : null}
            onClose={closeDetails}
            onDone={() => {
              closeDetails();
              onDone?.();
            }}
          />
        </>
      )}
      {steering !== null && <steering.GiveRoomDialog session={session} person={heir} onClose={() => setHeir(null)} />}
    </>
  );
}

/** Gives the list the focus when a row is removed, and with it the button that had been pressed. */
function useListFocus(people: number, waiting: number) {
  const list = useRef<HTMLUListElement>(null);
  const isRemoving = useRef(false);
  useEffect(() => {
    if (!isRemoving.current || document.activeElement !== document.body) return;
    isRemoving.current = false;
    list.current?.focus({ preventScroll: true });
  }, [people, waiting]);
  const expectRemoval = () => {
    isRemoving.current = true;
  };
  return { list, expectRemoval };
}
