'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from '@/components/ui/dialog';
import type { RoomSession } from '@/session/room-session';
import { InviteButtons } from './room-link';

interface InviteDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

export function InviteDialog({ session, open, onClose }: InviteDialogProps) {
  const t = useTranslations('room');
  return (
    <Dialog open={open} onClose={onClose} title={t('inviteHeading')} closeLabel={t('close')}>
      <InviteButtons session={session} />
    </Dialog>
  );
}
