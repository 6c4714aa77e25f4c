'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Popover } from '@/components/ui/popover';
import type { RoomSession } from '@/session/room-session';
import { useSearchKeys } from '@/components/room/search/use-search-keys';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import { useRoomParts } from '@/components/room/use-room-parts';
import type { Asking } from './menu-items';

export function RoomMenu({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const [asking, setAsking] = useState<Asking | null>(null);
  const parts = useRoomParts();
  const dialogs = useRoomDialogs(asking !== null);
  const close = () => setAsking(null);
  useSearchKeys(() => setAsking('search'));
  return (
    <>
      <Popover icon="menu" label={t('menu')} className="w-[min(20rem,calc(100vw-1rem))]">
        {parts !== null && <parts.MenuItems session={session} onAsk={setAsking} />}
      </Popover>
      {dialogs !== null && (
        <>
          <dialogs.SearchDialog session={session} open={asking === 'search'} onClose={close} />
          <dialogs.RenewLinkDialog session={session} open={asking === 'renew'} onClose={close} />
          <dialogs.LeaveDialog session={session} open={asking === 'leave'} onClose={close} />
          <dialogs.DestroyDialog session={session} open={asking === 'destroy'} onClose={close} />
        </>
      )}
    </>
  );
}
