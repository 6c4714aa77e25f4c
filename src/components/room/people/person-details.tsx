'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { useDeferred } from '@/components/ui/use-deferred';
import { PhraseWords } from '@/components/room/phrase-words';
import { useMembers } from '@/hooks/use-members';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { usePersonLabel } from './person-label';

interface PersonDetailsProps {
  session: RoomSession;
  /** As they were when they were chosen; null keeps the dialog closed. */
  person: Person | null;
  /** Makes them the owner; null where the reader may not. */
  onGive: ((person: Person) => void) | null;
  onClose: () => void;
}

/** About somebody in the list: their mark, by which two people check that each sees the other's own seat. */
export function PersonDetails({ session, person: chosen, onGive, onClose }: PersonDetailsProps) {
  const t = useTranslations('people');
  const close = useTranslations('room')('close');
  const steering = useTranslations('steering');
  const label = usePersonLabel();
  const { room } = useRoomInfo(session);
  const seated = useMembers(session).find(({ memberId }) => memberId === chosen?.memberId);
  // A member who leaves while their words are compared stays on the screen.
  const person = seated ?? chosen;
  const name = person === null ? '' : label(person).inSentence;
  return (
    <Dialog open={person !== null} onClose={onClose} title={name} closeLabel={close}>
      {person?.unverified && (
        <Callout tone="danger" icon="alert" title={t('unverifiedHeading')}>
          <p>{t('unverifiedBody')}</p>
        </Callout>
      )}
      {person !== null && !person.unverified && room.sealed && (
        <>
          <h3 className="font-medium">{t('markHeading')}</h3>
          <Mark key={person.memberId} session={session} person={person} />
          <p className="mt-3 text-[0.9375rem] text-soft">{person.self ? t('markSelf') : t('mark', { name })}</p>
        </>
      )}
      {onGive !== null && seated !== undefined && !seated.self && (
        <div className="mt-5">
          <Button icon={ROOM_ICONS.crown} onClick={() => onGive(seated)}>
            {steering('give', { name })}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function Mark({ session, person }: { session: RoomSession; person: Person }) {
  const [mark] = useState(() => session.memberMark(person.memberId));
  // Somebody waits for it.
  useEffect(() => mark?.fetch(), [mark]);
  return <PhraseWords bytes={useDeferred(mark)} />;
}
