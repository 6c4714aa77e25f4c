'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RoomSession } from '@/session/room-session';
import { InviteCard } from './invite-card';

/** The way to the invitation at any time. */
export function InviteButton({ session }: { session: RoomSession }) {
  const t = useTranslations('invite');
  const close = useTranslations('room')('close');
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon="invite" label={t('button')} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('button')}
      </IconButton>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('heading')} closeLabel={close} placement="sheet">
        <InviteCard session={session} />
      </Dialog>
    </>
  );
}
