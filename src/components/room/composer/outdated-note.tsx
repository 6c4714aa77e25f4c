'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { useOutdated } from '@/hooks/use-outdated';
import type { RoomSession } from '@/session/room-session';

/** Above the composer of a page that is older than the server: it sends nothing more until it is loaded again. */
export function OutdatedNote({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  if (!useOutdated(session)) return null;
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-2">
      <Callout
        icon="alert"
        role="alert"
        title={t('outdatedHeading')}
        action={
          <Button tone="quiet" onClick={session.reload}>
            {t('reload')}
          </Button>
        }
      >
        <p>{t('outdated')}</p>
      </Callout>
    </div>
  );
}
