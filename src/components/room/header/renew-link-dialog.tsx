'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Question } from '@/components/room/question';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';

interface RenewLinkDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** Says what a new link does before it is made: invitations that are on their way stop working. */
export function RenewLinkDialog({ session, open, onClose }: RenewLinkDialogProps) {
  const t = useTranslations('room');
  const { renewLink } = useRoomActions(session);
  function renew() {
    renewLink();
    onClose();
  }
  return (
    <Question open={open} onClose={onClose} title={t('renewHeading')} body={t('renewBody')}>
      <Button tone="primary" data-first-focus onClick={renew}>
        {t('renewConfirm')}
      </Button>
      <Button onClick={onClose}>{t('cancel')}</Button>
    </Question>
  );
}
