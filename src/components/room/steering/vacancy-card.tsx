'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useMembers } from '@/hooks/use-members';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSteering } from '@/hooks/use-steering';
import type { RoomSession } from '@/session/room-session';
import { SteeringCard } from './steering-card';

/** The owner has been away for minutes: anybody who is here may take the room over. */
export function VacancyCard({ session, onDone }: { session: RoomSession; onDone: () => void }) {
  const t = useTranslations('steering');
  const label = usePersonLabel();
  const { isVacant, giveRoom } = useSteering(session);
  const { pending } = useRoomActions(session);
  const { you } = useRoomInfo(session);
  const owner = useMembers(session).find((person) => person.owner);
  const [isDismissed, setDismissed] = useState(false);
  // The owner was back between.
  if (!isVacant && isDismissed) setDismissed(false);
  const isShown = isVacant && !isDismissed && owner !== undefined;
  const title = isShown ? t('vacant', { name: label(owner).inSentence }) : '';
  return (
    <>
      <p role="status" className="sr-only">
        {title}
      </p>
      {isShown && (
        <SteeringCard
          icon="people"
          title={title}
          answers={[
            { label: t('takeOver'), isPrimary: true, busy: pending === 'give', onAnswer: () => giveRoom(you.memberId) },
            { label: t('notNow'), onAnswer: () => setDismissed(true) },
          ]}
          onDone={onDone}
        >
          <p>{t('vacantBody')}</p>
        </SteeringCard>
      )}
    </>
  );
}
