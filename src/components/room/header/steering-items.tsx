'use client';

import { useTranslations } from 'next-intl';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { PopoverItem } from '@/components/ui/popover';
import { canLastLonger } from '@/domain/extension';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSteering } from '@/hooks/use-steering';
import type { RoomSession } from '@/session/room-session';

/** Anybody may propose it, at any time. */
export function ExtensionItem({ session }: { session: RoomSession }) {
  const t = useTranslations('steering');
  const { room } = useRoomInfo(session);
  const { pending } = useRoomActions(session);
  const { proposal, answerExtension } = useSteering(session);
  if (proposal !== null || !canLastLonger(room)) return null;
  return (
    <PopoverItem icon="clock" hint={t('moreHint')} busy={pending === 'extend'} onChoose={() => answerExtension(true)}>
      {t('more')}
    </PopoverItem>
  );
}

export function SlowModeItem({ session, onAsk }: { session: RoomSession; onAsk: () => void }) {
  const t = useTranslations('steering');
  const { room, you } = useRoomInfo(session);
  if (!you.owner) return null;
  return (
    <PopoverItem icon={ROOM_ICONS.slow} hint={t('slowState', { seconds: room.slowModeSeconds })} onChoose={onAsk}>
      {t('slow')}
    </PopoverItem>
  );
}
