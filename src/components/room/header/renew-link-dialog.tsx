'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
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
    <Dialog open={open} onClose={onClose} title={t('renewHeading')} closeLabel={t('close')}>
      <p className="text-soft">{t('renewBody')}</p>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        <Button tone="primary" data-first-focus onClick={renew}>
          {t('renewConfirm')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
