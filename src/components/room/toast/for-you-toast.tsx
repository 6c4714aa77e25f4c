'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { IconButton } from '@/components/ui/button';
import { useUnread } from '@/hooks/use-unread';
import type { RoomSession } from '@/session/room-session';
import { useSeen } from './use-seen';

const SENTENCE = { mention: 'mentioned', reply: 'replied', offer: 'offered' } as const;

/** Over the beginning of the transcript, while one reads further up: that there is something for the reader, and the way there. */
export function ForYouToast({ session }: { session: RoomSession }) {
  const t = useTranslations('toast');
  const label = usePersonLabel();
  const { forYou, latestForYou } = useUnread(session);
  const { unseen, dismiss } = useSeen(latestForYou?.message.key ?? null, forYou);
  const isShown = latestForYou !== null && unseen > 0;
  const sentence =
    isShown &&
    t(SENTENCE[latestForYou.why], {
      name: label(latestForYou.message).inSentence,
      more: unseen - 1,
    });
  return (
    <>
      <p role="status" className="sr-only">
        {sentence}
      </p>
      {isShown && (
        <div className="pointer-events-auto flex max-w-full animate-appear items-center rounded-full border border-line bg-surface text-sm shadow-float">
          <button
            type="button"
            // Somebody who is writing goes on writing.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => {
              session.goTo(latestForYou.message.key);
              dismiss();
            }}
            className="min-h-11 min-w-0 rounded-full py-1 ps-4 pe-1 text-start font-medium wrap-anywhere forced-colors:border-0"
          >
            {sentence}
          </button>
          <IconButton
            icon="close"
            label={t('dismiss')}
            onPointerDown={(event) => event.preventDefault()}
            onClick={dismiss}
            className="!rounded-full"
          />
        </div>
      )}
    </>
  );
}
