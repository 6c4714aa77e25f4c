'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import type { RoomSession } from '@/session/room-session';

/** The one way to bring somebody in: it shows the link, and the ways in which it goes out. */
export function InviteButton({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const [open, setOpen] = useState(false);
  const dialogs = useRoomDialogs(open);
  return (
    <>
      <Button
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="!px-2.5 text-sm sm:!px-3.5 whitespace-nowrap"
      >
        {t('invite')}
      </Button>
      {dialogs !== null && <dialogs.InviteDialog session={session} open={open} onClose={() => setOpen(false)} />}
    </>
  );
}
