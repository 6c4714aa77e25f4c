'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Icon } from '@/components/ui/icon';
import type { Connection, RoomSession } from '@/session/room-session';
import { useConnection } from '@/hooks/use-connection';
import { useClockFormats } from '@/components/room/transcript/clock-time';

const DOTS: Record<LineTrouble, string> = {
  connecting: 'bg-soft animate-pulse',
  reconnecting: 'bg-danger animate-pulse',
  offline: 'bg-danger',
};

type LineTrouble = Exclude<Connection['state'], 'live' | 'ended'>;

/** The state of the line, which is worth a word only while it is not live. */
export function useLineTrouble(session: RoomSession): LineTrouble | null {
  const { state } = useConnection(session);
  return state === 'live' || state === 'ended' ? null : state;
}

/** That state in one word. Its place is always there, so that the word is announced when it comes. */
export function ConnectionWord({ session }: { session: RoomSession }) {
  const t = useTranslations('connection');
  const trouble = useLineTrouble(session);
  return (
    <span role="status" className="inline-flex min-w-0 items-center gap-1.5">
      {trouble !== null && (
        <>
          <span
            aria-hidden="true"
            className={`size-1.5 shrink-0 rounded-full motion-reduce:animate-none forced-colors:bg-[CanvasText] ${DOTS[trouble]}`}
          />
          <span className="truncate">{t(trouble)}</span>
        </>
      )}
    </span>
  );
}

/** Says what a lost connection means for the reader, and in the end that it is over. */
export function ConnectionNote({ session }: { session: RoomSession }) {
  const t = useTranslations('connection');
  const { state, since } = useConnection(session);
  const isLost = state === 'reconnecting' || state === 'offline';
  const [wasLost, setWasLost] = useState(false);
  if (isLost && !wasLost) setWasLost(true);
  return (
    <>
      <p role="status" className="sr-only">
        {state === 'live' && wasLost && t('back')}
      </p>
      {isLost && <LostSince state={state} since={since} keptWith={session.keptWith} />}
    </>
  );
}

interface LostSinceProps {
  state: 'reconnecting' | 'offline';
  since: number;
  keptWith: RoomSession['keptWith'];
}

/** It waits a second, because most drops are over by then. */
function LostSince({ state, since, keptWith }: LostSinceProps) {
  const t = useTranslations('connection');
  const { exact, short } = useClockFormats();
  return (
    <div className="pointer-events-none absolute inset-x-0 top-3 z-10 flex justify-center px-4">
      <p
        title={exact.format(since)}
        className="pointer-events-auto flex animate-[appear_160ms_ease-out_1s_both] items-start gap-2 rounded-2xl border border-line bg-surface px-4 py-2.5 text-sm shadow-float"
      >
        <Icon name="alert" className="mt-px size-4.5 text-danger" />
        {t(`${state}Since`, { time: short.format(since), kept: keptWith })}
      </p>
    </div>
  );
}
