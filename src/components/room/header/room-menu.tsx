'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ThemeSwitch } from '@/components/site/theme-switch';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Popover, PopoverItem } from '@/components/ui/popover';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { ActionFailure } from './action-failure';
import { useShare } from './room-link';

export function RoomMenu({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const { room, you } = useRoomInfo(session);
  const { pending, setLocked, leave } = useRoomActions(session);
  const share = useShare(session);
  const [destroying, setDestroying] = useState(false);
  return (
    <>
      <Popover
        icon="menu"
        label={t('menu')}
        className="top-[calc(4.75rem+env(safe-area-inset-top))] right-[max(0.5rem,calc(50vw-32rem+0.5rem))] w-[min(20rem,calc(100vw-1rem))]"
      >
        {share !== null && (
          <PopoverItem icon="share" onChoose={share}>
            {t('share')}
          </PopoverItem>
        )}
        {you.owner && (
          <PopoverItem
            icon={room.locked ? 'unlock' : 'lock'}
            hint={room.locked ? t('unlockHint') : t('lockHint')}
            busy={pending === 'lock'}
            onChoose={() => setLocked(!room.locked)}
          >
            {room.locked ? t('unlock') : t('lock')}
          </PopoverItem>
        )}
        <PopoverItem
          icon="leave"
          hint={room.members < 2 ? t('leaveLastHint') : you.owner ? t('leaveOwnerHint') : t('leaveHint')}
          busy={pending === 'leave'}
          onChoose={leave}
        >
          {t('leave')}
        </PopoverItem>
        {you.owner && (
          <PopoverItem icon="trash" danger hint={t('destroyHint')} onChoose={() => setDestroying(true)}>
            {t('destroy')}
          </PopoverItem>
        )}
        <div className="mt-2 flex border-t border-line px-1 pt-3 pb-1">
          <ThemeSwitch />
        </div>
      </Popover>
      <DestroyDialog session={session} open={destroying} onClose={() => setDestroying(false)} />
    </>
  );
}

function DestroyDialog({ session, open, onClose }: { session: RoomSession; open: boolean; onClose: () => void }) {
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
