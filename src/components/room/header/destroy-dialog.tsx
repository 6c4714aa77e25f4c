'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
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
    <Dialog open={open} onClose={onClose} title={t('destroyHeading')} closeLabel={t('close')}>
      <p className="text-soft">{t('destroyBody')}</p>
      <div className="-mx-4">
        <ActionFailure session={session} />
      </div>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        <Button tone="danger" busy={pending === 'destroy'} onClick={destroy}>
          {t('destroyConfirm')}
        </Button>
        <Button data-first-focus onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
