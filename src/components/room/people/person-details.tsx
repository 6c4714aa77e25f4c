'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { useDeferred } from '@/components/ui/use-deferred';
import { PhraseWords } from '@/components/room/phrase-words';
import { useIgnored } from '@/hooks/use-ignored';
import { useMembers } from '@/hooks/use-members';
import { useTalkPrivately } from '@/hooks/use-private-talk';
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
  /** Something else on the screen is to be seen now. */
  onDone: () => void;
}

/** About somebody in the list: in a sealed room their mark, by which two people check that each sees the other's own seat. */
export function PersonDetails({ session, person: chosen, onGive, onClose, onDone }: PersonDetailsProps) {
  const t = useTranslations('people');
  const close = useTranslations('room')('close');
  const steering = useTranslations('steering');
  const label = usePersonLabel();
  const { room } = useRoomInfo(session);
  const seated = useMembers(session).find(({ memberId }) => memberId === chosen?.memberId);
  // A member who leaves while their words are compared stays on the screen.
  const person = seated ?? chosen;
  const name = person === null ? '' : label(person).inSentence;
  const talkTo = useTalkPrivately(session);
  // Whoever has left cannot be asked.
  const talk = seated === undefined ? null : talkTo(seated);
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
      {talk !== null && (
        <TalkPrivately
          name={name}
          onTalk={() => {
            talk();
            onDone();
          }}
        />
      )}
      {person !== null && !person.self && <Ignoring session={session} person={person} name={name} />}
    </Dialog>
  );
}

function TalkPrivately({ name, onTalk }: { name: string; onTalk: () => void }) {
  const t = useTranslations('privateTalk');
  return (
    <div className="mt-5 border-t border-line pt-4 first:mt-0 first:border-0 first:pt-0">
      <Button icon="lock" onClick={onTalk}>
        {t('ask')}
      </Button>
      <p className="mt-2 text-sm text-soft">{t('askHint', { name })}</p>
    </div>
  );
}

/** Between the reader and this browser alone. */
function Ignoring({ session, person: { memberId }, name }: { session: RoomSession; person: Person; name: string }) {
  const t = useTranslations('people');
  const isIgnored = useIgnored(session).has(memberId);
  return (
    <div className="mt-5 border-t border-line pt-4 first:mt-0 first:border-0 first:pt-0">
      <Button onClick={() => session.ignored.ignore(memberId, !isIgnored)}>
        {t(isIgnored ? 'stopIgnoring' : 'ignore', { name })}
      </Button>
      <p className="mt-2 text-sm text-soft">{t('ignoreHint')}</p>
    </div>
  );
}

function Mark({ session, person }: { session: RoomSession; person: Person }) {
  const [mark] = useState(() => session.memberMark(person.memberId));
  // Somebody waits for it.
  useEffect(() => mark?.fetch(), [mark]);
  return <PhraseWords bytes={useDeferred(mark)} />;
}
