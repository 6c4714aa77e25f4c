'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Question } from '@/components/room/question';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { ActionFailure } from './action-failure';

interface DestroyDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

export function DestroyDialog({ session, open, onClose }: DestroyDialogProps) {
  const t = useTranslations('room');
  const { pending, destroy } = useRoomActions(session);
  return (
    <Question
      open={open}
      onClose={onClose}
      title={t('destroyHeading')}
      body={t('destroyBody')}
      note={<ActionFailure session={session} />}
    >
      <Button tone="danger" busy={pending === 'destroy'} onClick={destroy}>
        {t('destroyConfirm')}
      </Button>
      <Button data-first-focus onClick={onClose}>
        {t('cancel')}
      </Button>
    </Question>
  );
}
