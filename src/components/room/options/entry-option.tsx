'use client';

import { useTranslations } from 'next-intl';
import { Switch } from '@/components/ui/switch';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';

/** Newcomers wait at the door until the owner lets them in. */
export function EntryOption({ session }: { session: RoomSession }) {
  const t = useTranslations('options');
  const { entry } = useRoomInfo(session).room;
  const { pending, steer } = useRoomActions(session);
  return (
    <Switch
      checked={entry === 'knock'}
      hint={t('askHint')}
      inert={pending === 'steer'}
      onChange={(checked) => steer({ entry: checked ? 'knock' : 'open' })}
    >
      {t('ask')}
    </Switch>
  );
}
