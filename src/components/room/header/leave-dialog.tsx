'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { Button } from '@/components/ui/button';
import { Question } from '@/components/room/question';
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
    <Question
      open={open}
      onClose={onClose}
      title={t('leaveHeading')}
      body={next === undefined ? t('leaveLastBody') : t('leaveOwnerBody', { name: label(next).inSentence })}
      note={<ActionFailure session={session} />}
    >
      <Button tone="primary" busy={pending === 'leave'} onClick={leave}>
        {t('leaveConfirm')}
      </Button>
      <Button data-first-focus onClick={onClose}>
        {t('cancel')}
      </Button>
    </Question>
  );
}
