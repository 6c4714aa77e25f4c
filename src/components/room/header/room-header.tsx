'use client';

import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { shownName } from '@/domain/text-rules';
import { useRoomName } from '@/components/room/use-room-name';
import type { RoomSession } from '@/session/room-session';
import { useKnocks } from '@/hooks/use-knocks';
import { useRoomInfo } from '@/hooks/use-room-info';
import { InviteButton } from '@/components/room/invite/invite-button';
import { ConnectionWord, useLineTrouble } from './connection';
import { CountdownRing } from './countdown';
import { RoomMenu } from './room-menu';
import { privacyOf, SealButton } from './seal-button';

interface RoomHeaderProps {
  session: RoomSession;
  peopleShown: boolean;
  onPeople: () => void;
  onHelp: () => void;
}

export function RoomHeader({ session, peopleShown, onPeople, onHelp }: RoomHeaderProps) {
  const t = useTranslations('room');
  const { room } = useRoomInfo(session);
  return (
    <header aria-label={t('header')} className="beside-scrollbar bg-canvas pt-[env(safe-area-inset-top)]">
      {/* Two lines where one does not hold it all: with enlarged text, or in a language of long words. */}
      <div className="mx-auto flex min-h-18 w-full max-w-3xl flex-wrap items-center gap-x-2 px-4 py-2">
        <div className="flex min-w-0 flex-1 basis-30 items-center gap-1 sm:gap-2">
          <CountdownRing expiresAt={room.expiresAt} createdAt={room.createdAt} clock={session.clock} />
          <RoomTitle session={session} />
        </div>
        {/* In one line on the smallest screens and with text twice as large, too. */}
        <div className="-me-2 ms-auto flex flex-wrap items-center justify-end max-sm:[&>button]:!min-w-[min(2.75rem,44px)] max-sm:[&>button]:!px-[min(0.625rem,2.5vw)] sm:gap-1">
          <PeopleButton session={session} shown={peopleShown} onPress={onPeople} />
          <InviteButton session={session} />
          <RoomMenu session={session} onHelp={onHelp} />
        </div>
      </div>
    </header>
  );
}

/** The room’s name, and what state it is in: of all that, only the worst is in words where there is little space. */
function RoomTitle({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const { room } = useRoomInfo(session);
  const trouble = useLineTrouble(session);
  const isSlow = room.slowModeSeconds > 0;
  const hasMore = trouble !== null || room.locked || isSlow;
  const privacy = privacyOf(room);
  const isPublic = privacy === 'public';
  const name = useRoomName(room.roomId);
  return (
    <div className="@container relative flex min-h-12 min-w-0 max-w-80 flex-1 flex-col justify-center px-1.5 sm:px-2">
      <SealButton session={session} />
      <p
        dir="auto"
        className="pointer-events-none relative line-clamp-2 text-sm/4.5 font-semibold tracking-tight wrap-anywhere sm:text-base/5"
      >
        {room.listed && room.topic !== undefined ? shownName(room.topic) : name}
      </p>
      <div className="pointer-events-none relative flex items-center gap-1.5 text-xs text-soft">
        <span
          aria-hidden="true"
          className={`flex items-center gap-1 ${isPublic ? 'shrink-0' : 'min-w-0'} ${room.sealed ? '' : 'font-medium text-danger'}`}
        >
          {/* In a narrow title, the words need all of it. */}
          <Icon
            name={room.sealed ? 'shield' : 'unlock'}
            className={`size-3.5 ${room.sealed && trouble === null ? '' : isPublic && hasMore ? '@max-[10rem]:hidden' : '@max-[7rem]:hidden'}`}
          />
          <span className={`hidden truncate ${hasMore ? '@min-[15rem]:block' : '@min-[9.5rem]:block'}`}>
            {t(privacy)}
          </span>
          {isPublic ? (
            // Everybody could read along: that has to be seen on every screen, whatever else there is to say.
            <span className={`truncate ${hasMore ? '@min-[15rem]:hidden' : '@min-[9.5rem]:hidden'}`}>
              {t('publicShort')}
            </span>
          ) : (
            !hasMore && (
              <span className="hidden truncate @min-[5.5rem]:block @min-[9.5rem]:hidden">
                {room.sealed ? t('sealedShort') : t('notSealed')}
              </span>
            )
          )}
        </span>
        <ConnectionWord session={session} />
        {room.locked && (
          <span className="inline-flex shrink-0 items-center gap-0.5">
            <Icon name="lock" className="size-3.5" />
            <span className={isPublic ? 'truncate @max-[10rem]:sr-only' : ''}>{t('locked')}</span>
          </span>
        )}
        {isSlow && (
          <span className="inline-flex min-w-0 items-center gap-0.5">
            <Icon name={ROOM_ICONS.slow} className="size-3.5 shrink-0" />
            <span
              className={`truncate ${room.locked || trouble !== null ? '@max-[15rem]:sr-only' : isPublic ? '@max-[10rem]:sr-only' : '@max-[7rem]:sr-only'}`}
            >
              {t('slow')}
            </span>
          </span>
        )}
      </div>
    </div>
  );
}

function PeopleButton({ session, shown, onPress }: { session: RoomSession; shown: boolean; onPress: () => void }) {
  const t = useTranslations('room');
  const { here, members: taken, maxMembers: max } = useRoomInfo(session).room;
  const waiting = useKnocks(session).waiting.length;
  const people = t('peopleLabel', { here, taken, max });
  return (
    <IconButton
      icon="people"
      label={waiting === 0 ? people : t('peopleWaiting', { people, count: waiting })}
      aria-expanded={shown}
      onClick={onPress}
      className="tabular-nums"
    >
      <span className="sm:hidden">{here}</span>
      <span className="hidden sm:inline">{t('people', { here })}</span>
      {waiting > 0 && (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 text-on-accent forced-colors:border">
          {waiting}
        </span>
      )}
    </IconButton>
  );
}
