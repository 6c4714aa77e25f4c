'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
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

/** The link still opens an unlocked room, so the dialog also offers to lock it. */
export function RemovePersonDialog({ session, person, onRemove, onClose }: RemovePersonDialogProps) {
  const t = useTranslations('people');
  const room = useTranslations('room');
  const label = usePersonLabel();
  const { locked } = useRoomInfo(session).room;
  function remove(lock: boolean) {
    if (person !== null) session.removeMember(person.memberId, lock);
    onRemove();
    onClose();
  }
  return (
    <Dialog
      open={person !== null}
      onClose={onClose}
      title={person === null ? '' : t('putOutHeading', { name: label(person).inSentence })}
      closeLabel={room('close')}
    >
      <p className="text-soft">{locked ? t('putOutLocked') : t('putOutBody')}</p>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        {!locked && (
          <Button tone="danger" onClick={() => remove(true)}>
            {t('putOutAndLock')}
          </Button>
        )}
        <Button tone={locked ? 'danger' : 'secondary'} onClick={() => remove(false)}>
          {t('putOutConfirm')}
        </Button>
        <Button data-first-focus onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
