'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Lobby } from '@/domain/lobby';
import { useLobby } from '@/hooks/use-lobby';
import { arrangeRooms, type ShownRoom } from './arrange-rooms';
import { PublicRoom } from './public-room';

/** More than this are shown when somebody asks for them. */
const ROOMS_AT_FIRST = 8;

/** The people on this site, and the rooms that anybody may join; read again by itself, and never announced. */
export function PublicRooms() {
  const t = useTranslations('lobby');
  const lobby = useLobby();
  if (lobby.state === 'off') return null;
  return (
    <section aria-labelledby="public-rooms">
      <h2 id="public-rooms" className="text-xl font-semibold tracking-tight">
        {t('heading')}
      </h2>
      {lobby.state === 'failed' && <p className="mt-2 text-soft">{t('failed')}</p>}
      {lobby.state === 'read' && <ReadLobby lobby={lobby.lobby} />}
    </section>
  );
}

type Read = Pick<Lobby, 'now' | 'here' | 'rooms' | 'listed'>;

function ReadLobby({ lobby: { now, here, rooms, listed } }: { lobby: Read }) {
  const t = useTranslations('lobby');
  const [isWhole, setWhole] = useState(false);
  const { shown, hold } = useCalmRooms(listed);
  const cut = isWhole ? shown : shown.slice(0, ROOMS_AT_FIRST);
  return (
    <>
      <p className="mt-1 text-soft tabular-nums">{rooms === 0 ? t('nobody') : t('counts', { here, rooms })}</p>
      {shown.length === 0 ? (
        <p className="mt-4 rounded-2xl border border-dashed border-edge px-4 py-5 text-soft">{t('empty')}</p>
      ) : (
        <ul {...hold} className="mt-4 grid gap-3 md:grid-cols-2">
          {cut.map((room) => (
            <PublicRoom key={room.roomId} room={room} now={now} />
          ))}
        </ul>
      )}
      {cut.length < shown.length && (
        <Button className="mt-3" onClick={() => setWhole(true)}>
          {t('showAll', { count: shown.length })}
        </Button>
      )}
    </>
  );
}

/** The rooms in places that do not change under a pointer or a focus that is among them. */
function useCalmRooms(listed: Read['listed']) {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPointed || isFocused;
  const [last, setLast] = useState<{ listed: Read['listed']; isHeld: boolean; shown: readonly ShownRoom[] }>({
    listed,
    isHeld,
    shown: listed,
  });
  let { shown } = last;
  if (last.listed !== listed || last.isHeld !== isHeld) {
    shown = arrangeRooms(shown, listed, isHeld);
    setLast({ listed, isHeld, shown });
  }
  return {
    shown,
    hold: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}
