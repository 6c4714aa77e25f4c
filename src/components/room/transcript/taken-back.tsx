'use client';

import { useTranslations } from 'next-intl';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { useFocusPassedOn } from './use-focus-passed-on';

interface TakenBackProps {
  message: MessageEntry;
  session: Pick<RoomSession, 'undoTakeBack'>;
}

/** In the place of a message that was just taken back: nobody has noticed yet, so that it can still be had again. */
export function TakenBack({ message, session }: TakenBackProps) {
  'use memo';
  const t = useTranslations('transcript');
  return (
    <p className="flex items-center gap-1 px-1 text-sm text-soft">
      <span>{t('takenBack')}</span>
      {message.leaving === 'undoable' && (
        <Undo
          onPress={(button) => {
            const row = button.closest<HTMLElement>('[data-key]');
            session.undoTakeBack(message.id, message.memberId);
            row?.focus({ preventScroll: true });
          }}
        />
      )}
    </p>
  );
}

function Undo({ onPress }: { onPress: (button: Element) => void }) {
  const t = useTranslations('transcript');
  const element = useFocusPassedOn();
  return (
    <span ref={element} className="flex items-center gap-1">
      <span aria-hidden="true">·</span>
      <button
        type="button"
        data-undo
        onClick={(event) => onPress(event.currentTarget)}
        className="min-h-11 min-w-11 rounded-lg px-1.5 font-medium text-accent underline-offset-4 hover:underline"
      >
        {t('undo')}
      </button>
    </span>
  );
}
