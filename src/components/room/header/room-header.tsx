'use client';

import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';
import { InviteButton } from '@/components/room/invite/invite-button';
import { ConnectionWord } from './connection';
import { Countdown, LifeLine } from './countdown';
import { RoomMenu } from './room-menu';
import { SealBadge } from './seal-badge';

interface RoomHeaderProps {
  session: RoomSession;
  peopleShown: boolean;
  onPeople: () => void;
}

export function RoomHeader({ session, peopleShown, onPeople }: RoomHeaderProps) {
  const t = useTranslations('room');
  const { room } = useRoomInfo(session);
  return (
    <header aria-label={t('header')} className="bg-canvas pt-[env(safe-area-inset-top)]">
      <div className="mx-auto flex min-h-18 w-full max-w-5xl items-center justify-between gap-2 pr-2 pl-4">
        <div className="min-w-0">
          <p className="text-2xl leading-7 font-semibold tracking-tight">
            <Countdown expiresAt={room.expiresAt} clock={session.clock} />
          </p>
          <p className="flex items-center gap-2 text-xs text-soft">
            <ConnectionWord session={session} />
            {room.locked && (
              <span className="inline-flex items-center gap-0.5">
                <Icon name="lock" className="size-3.5" />
                {t('locked')}
              </span>
            )}
          </p>
        </div>
        <div className="flex items-center sm:gap-1">
          <SealBadge session={session} />
          <PeopleButton session={session} shown={peopleShown} onPress={onPeople} />
          <InviteButton session={session} />
          <RoomMenu session={session} />
        </div>
      </div>
      <LifeLine expiresAt={room.expiresAt} createdAt={room.createdAt} clock={session.clock} />
    </header>
  );
}

function PeopleButton({ session, shown, onPress }: { session: RoomSession; shown: boolean; onPress: () => void }) {
  const t = useTranslations('room');
  const { here, members: taken, maxMembers: max } = useRoomInfo(session).room;
  return (
    <IconButton icon="people" label={t('peopleLabel', { here, taken, max })} aria-expanded={shown} onClick={onPress}>
      <span className="tabular-nums sm:hidden">{here}</span>
      <span className="hidden sm:inline">{t('people', { here })}</span>
    </IconButton>
  );
}
