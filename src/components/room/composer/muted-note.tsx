'use client';

import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/callout';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';

/** Above the composer of a page that sends nothing because of its keys: why, and what to do. It stays until that is over. */
export function MutedNote({ session }: { session: RoomSession }) {
  const t = useTranslations('keys');
  const { muted } = useRoomInfo(session);
  if (muted === null) return null;
  const isLost = muted === 'keys-lost';
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-2">
      <Callout
        tone={isLost ? 'plain' : 'danger'}
        icon="alert"
        role={isLost ? 'status' : 'alert'}
        title={t(isLost ? 'lostHeading' : 'refusedHeading')}
      >
        <p>{t(isLost ? 'lost' : muted)}</p>
        {!isLost && <p className="mt-1">{t('remedy')}</p>}
      </Callout>
    </div>
  );
}
