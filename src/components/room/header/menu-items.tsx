'use client';

import { useTranslations } from 'next-intl';
import { ThemeSwitch } from '@/components/site/theme-switch';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { PopoverItem } from '@/components/ui/popover';
import { useMediaQuery } from '@/components/ui/use-media-query';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { SignalSwitch } from '@/components/room/signals/signal-switch';
import { TOUCH } from '@/components/room/composer/on-screen-key';
import { ExtensionItem, SlowModeItem } from './steering-items';
import { useAttentionParts } from '@/components/room/attention/use-attention-parts';

/** What opens a dialog. */
export type Asking = 'destroy' | 'leave' | 'options' | 'renew' | 'report' | 'search' | 'slow';

interface MenuItemsProps {
  session: RoomSession;
  onAsk: (asking: Asking) => void;
  onHelp: () => void;
}

/** All that one can do with the room, and with this page. */
export function MenuItems({ session, onAsk, onHelp }: MenuItemsProps) {
  const t = useTranslations('room');
  const options = useTranslations('options');
  const { room, you, canRekey } = useRoomInfo(session);
  const { pending, setLocked, leave } = useRoomActions(session);
  const attention = useAttentionParts();
  // A keyboard that is there all the same shows them by its key.
  const isTouch = useMediaQuery(TOUCH);
  return (
    <>
      <PopoverItem icon={ROOM_ICONS.search} onChoose={() => onAsk('search')}>
        {t('search')}
      </PopoverItem>
      {!isTouch && (
        <PopoverItem icon={ROOM_ICONS.keyboard} onChoose={onHelp}>
          {t('help')}
        </PopoverItem>
      )}
      <ExtensionItem session={session} />
      {you.owner && canRekey && (
        <PopoverItem
          icon={ROOM_ICONS.renew}
          hint={t('renewHint')}
          busy={pending === 'renew'}
          onChoose={() => onAsk('renew')}
        >
          {t('renew')}
        </PopoverItem>
      )}
      {you.owner && (
        <PopoverItem icon={ROOM_ICONS.options} onChoose={() => onAsk('options')}>
          {options('menu')}
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
      <SlowModeItem session={session} onAsk={() => onAsk('slow')} />
      {/* A guest comes back by one press, an owner no more as the owner. */}
      {you.owner ? (
        <PopoverItem icon={ROOM_ICONS.leave} busy={pending === 'leave'} onChoose={() => onAsk('leave')}>
          {t('leaveOwner')}
        </PopoverItem>
      ) : (
        <PopoverItem icon={ROOM_ICONS.leave} hint={t('leaveHint')} busy={pending === 'leave'} onChoose={leave}>
          {t('leave')}
        </PopoverItem>
      )}
      {you.owner && (
        <PopoverItem icon={ROOM_ICONS.trash} danger onChoose={() => onAsk('destroy')}>
          {t('destroy')}
        </PopoverItem>
      )}
      {room.listed && !you.owner && (
        <PopoverItem icon="alert" onChoose={() => onAsk('report')}>
          {t('report')}
        </PopoverItem>
      )}
      {attention !== null && <attention.AttentionSwitches />}
      <SignalSwitch session={session} />
      <div className="mt-2 flex border-t border-line px-1 pt-3 pb-1">
        <ThemeSwitch />
      </div>
    </>
  );
}
