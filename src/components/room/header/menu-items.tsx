'use client';

import { useTranslations } from 'next-intl';
import { ThemeSwitch } from '@/components/site/theme-switch';
import { PopoverItem } from '@/components/ui/popover';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { SignalSwitch } from '@/components/room/signals/signal-switch';
import { useAttentionParts } from '@/components/room/attention/use-attention-parts';

/** What opens a dialog. */
export type Asking = 'destroy' | 'leave' | 'renew' | 'search';

interface MenuItemsProps {
  session: RoomSession;
  onAsk: (asking: Asking) => void;
  onHelp: () => void;
}

/** All that one can do with the room, and with this page. */
export function MenuItems({ session, onAsk, onHelp }: MenuItemsProps) {
  const t = useTranslations('room');
  const { room, you, canRekey } = useRoomInfo(session);
  const { pending, setLocked, leave } = useRoomActions(session);
  const attention = useAttentionParts();
  return (
    <>
      <PopoverItem icon="search" onChoose={() => onAsk('search')}>
        {t('search')}
      </PopoverItem>
      {you.owner && canRekey && (
        <PopoverItem icon="renew" hint={t('renewHint')} busy={pending === 'renew'} onChoose={() => onAsk('renew')}>
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
        onChoose={you.owner ? () => onAsk('leave') : leave}
      >
        {you.owner ? t('leaveOwner') : t('leave')}
      </PopoverItem>
      {you.owner && (
        <PopoverItem icon="trash" danger hint={t('destroyHint')} onChoose={() => onAsk('destroy')}>
          {t('destroy')}
        </PopoverItem>
      )}
      <PopoverItem icon="keyboard" onChoose={onHelp}>
        {t('help')}
      </PopoverItem>
      {attention !== null && <attention.AttentionSwitches />}
      <SignalSwitch session={session} />
      <div className="mt-2 flex border-t border-line px-1 pt-3 pb-1">
        <ThemeSwitch />
      </div>
    </>
  );
}
