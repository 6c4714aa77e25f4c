'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
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
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)} className="text-sm whitespace-nowrap sm:!px-3.5">
        {t('button')}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('heading')} closeLabel={close} placement="sheet">
        <InviteCard session={session} />
      </Dialog>
    </>
  );
}
