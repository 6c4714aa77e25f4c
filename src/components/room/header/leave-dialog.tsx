'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RoomSession } from '@/session/room-session';
import { useMembers } from '@/hooks/use-members';
import { useRoomActions } from '@/hooks/use-room-actions';
import { ActionFailure } from './action-failure';

interface LeaveDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** Asks an owner, who comes back as a guest at best, and says who owns the room then. */
export function LeaveDialog({ session, open, onClose }: LeaveDialogProps) {
  const t = useTranslations('room');
  const label = usePersonLabel();
  const { pending, leave } = useRoomActions(session);
  // The list is in the order of seating, by which the server chooses.
  const next = useMembers(session).find(({ self }) => !self);
  return (
    <Dialog open={open} onClose={onClose} title={t('leaveHeading')} closeLabel={t('close')}>
      <p className="text-soft">
        {next === undefined ? t('leaveLastBody') : t('leaveOwnerBody', { name: label(next).inSentence })}
      </p>
      <div className="-mx-4">
        <ActionFailure session={session} />
      </div>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        <Button tone="primary" busy={pending === 'leave'} onClick={leave}>
          {t('leaveConfirm')}
        </Button>
        <Button data-first-focus onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
