'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Question } from '@/components/room/question';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useSteering } from '@/hooks/use-steering';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';

interface GiveRoomDialogProps {
  session: RoomSession;
  /** The owner to be; null keeps the dialog closed. */
  person: Person | null;
  onClose: () => void;
}

/** Asks an owner, who cannot take the room back. */
export function GiveRoomDialog({ session, person, onClose }: GiveRoomDialogProps) {
  const t = useTranslations('steering');
  const label = usePersonLabel();
  const { giveRoom } = useSteering(session);
  const name = person === null ? '' : label(person).inSentence;
  return (
    <Question
      open={person !== null}
      onClose={onClose}
      title={person === null ? '' : t('giveHeading', { name })}
      body={t('giveBody')}
    >
      <Button
        tone="primary"
        onClick={() => {
          if (person !== null) giveRoom(person.memberId);
          onClose();
        }}
      >
        {t('giveConfirm')}
      </Button>
      <Button data-first-focus onClick={onClose}>
        {t('cancel')}
      </Button>
    </Question>
  );
}
