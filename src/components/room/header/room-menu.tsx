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

export function RoomMenu({ session, onHelp }: { session: RoomSession; onHelp: () => void }) {
  const t = useTranslations('room');
  const { room, you, canRekey } = useRoomInfo(session);
  const { pending, setLocked, leave } = useRoomActions(session);
  const [asking, setAsking] = useState<'destroy' | 'leave' | 'renew' | null>(null);
  const attention = useAttentionParts();
  const dialogs = useRoomDialogs(asking !== null);
  const close = () => setAsking(null);
  return (
    <>
      <Popover icon="menu" label={t('menu')} className="w-[min(20rem,calc(100vw-1rem))]">
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
        {/* A guest comes back by one press, an owner no more as the owner. */}
        <PopoverItem
          icon="leave"
          hint={!you.owner ? t('leaveHint') : room.members < 2 ? t('leaveLastHint') : t('leaveOwnerHint')}
          busy={pending === 'leave'}
          onChoose={you.owner ? () => setAsking('leave') : leave}
        >
          {you.owner ? t('leaveOwner') : t('leave')}
        </PopoverItem>
        {you.owner && (
          <PopoverItem icon="trash" danger hint={t('destroyHint')} onChoose={() => setAsking('destroy')}>
            {t('destroy')}
          </PopoverItem>
        )}
        <PopoverItem icon="keyboard" onChoose={onHelp}>
          {t('help')}
        </PopoverItem>
        {attention !== null && <attention.AttentionSwitches />}
        <div className="mt-2 flex border-t border-line px-1 pt-3 pb-1">
          <ThemeSwitch />
        </div>
      </Popover>
      {dialogs !== null && (
        <>
          <dialogs.RenewLinkDialog session={session} open={asking === 'renew'} onClose={close} />
          <dialogs.LeaveDialog session={session} open={asking === 'leave'} onClose={close} />
          <dialogs.DestroyDialog session={session} open={asking === 'destroy'} onClose={close} />
        </>
      )}
    </>
  );
}
