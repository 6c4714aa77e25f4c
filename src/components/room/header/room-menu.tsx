'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ThemeSwitch } from '@/components/site/theme-switch';
import { Popover, PopoverItem } from '@/components/ui/popover';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useAttentionParts } from '@/components/room/attention/use-attention-parts';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';

export function RoomMenu({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const { room, you, canRekey } = useRoomInfo(session);
  const { pending, setLocked, leave } = useRoomActions(session);
  const [asking, setAsking] = useState<'destroy' | 'renew' | null>(null);
  const attention = useAttentionParts();
  const dialogs = useRoomDialogs(asking !== null);
  const close = () => setAsking(null);
  return (
    <>
      <Popover
        icon="menu"
        label={t('menu')}
        className="end-[max(0.5rem,calc(50vw-32rem+0.5rem))] top-[calc(4.75rem+env(safe-area-inset-top))] max-h-[calc(100dvh-5.25rem-env(safe-area-inset-top)-env(safe-area-inset-bottom))] w-[min(20rem,calc(100vw-1rem))] overflow-y-auto overscroll-contain"
      >
        {you.owner && canRekey && (
          <PopoverItem
            icon="renew"
            hint={t('renewHint')}
            busy={pending === 'renew'}
            onChoose={() => setAsking('renew')}
          >
            {t('renew')}
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
          <PopoverItem icon="trash" danger hint={t('destroyHint')} onChoose={() => setAsking('destroy')}>
            {t('destroy')}
          </PopoverItem>
        )}
        {attention !== null && <attention.AttentionSwitches />}
        <div className="mt-2 flex border-t border-line px-1 pt-3 pb-1">
          <ThemeSwitch />
        </div>
      </Popover>
      {dialogs !== null && (
        <>
          <dialogs.RenewLinkDialog session={session} open={asking === 'renew'} onClose={close} />
          <dialogs.DestroyDialog session={session} open={asking === 'destroy'} onClose={close} />
        </>
      )}
    </>
  );
}
