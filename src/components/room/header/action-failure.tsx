'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { IconButton } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';

/** Why the last action failed, until it is dismissed. */
export function ActionFailure({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const title = useTranslations('failure')('title');
  const people = useTranslations('people');
  const failureSentence = useFailureSentence();
  const { failure, lockFailed, clearFailure } = useRoomActions(session);
  if (failure === null) return null;
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-2">
      <Callout
        tone="danger"
        icon="alert"
        role="alert"
        title={lockFailed ? people('lockFailed') : title}
        action={<IconButton icon="close" label={t('dismiss')} onClick={clearFailure} />}
      >
        <p>{failureSentence(failure)}</p>
      </Callout>
    </div>
  );
}
