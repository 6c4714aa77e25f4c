'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Question } from '@/components/room/question';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';
import { usePersonLabel } from './person-label';

interface RemovePersonDialogProps {
  session: RoomSession;
  /** The person to remove; null keeps the dialog closed. */
  person: Person | null;
  onRemove: () => void;
  onClose: () => void;
}

/** Where the room gets no new key, the link still opens it unless it is locked, so the dialog also offers that. */
export function RemovePersonDialog({ session, person, onRemove, onClose }: RemovePersonDialogProps) {
  const t = useTranslations('people');
  const label = usePersonLabel();
  const { room: known, canRekey } = useRoomInfo(session);
  const isForGood = canRekey || known.locked;
  function remove(lock: boolean) {
    if (person !== null) session.removeMember(person.memberId, lock);
    onRemove();
    onClose();
  }
  return (
    <Question
      open={person !== null}
      onClose={onClose}
      title={person === null ? '' : t('removeHeading', { name: label(person).inSentence })}
      body={t(canRekey ? 'removeRekeys' : known.locked ? 'removeLocked' : known.listed ? 'removeListed' : 'removeBody')}
    >
      {!isForGood && (
        <Button tone="danger" onClick={() => remove(true)}>
          {t('removeAndLock')}
        </Button>
      )}
      <Button tone={isForGood ? 'danger' : 'secondary'} onClick={() => remove(false)}>
        {t('removeConfirm')}
      </Button>
      <Button data-first-focus onClick={onClose}>
        {t('cancel')}
      </Button>
    </Question>
  );
}
