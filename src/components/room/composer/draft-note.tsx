'use client';

import { useTranslations } from 'next-intl';
import type { SendMessage } from '@/hooks/use-send-message';
import type { RoomInfo } from '@/session/room-session';

/** From here on the note says how many characters are left. */
const REMAINING_SHOWN_CHARACTERS = 100;

interface DraftNoteProps extends Pick<SendMessage, 'fault' | 'remaining'> {
  id: string;
  wrong: boolean;
  muted: RoomInfo['muted'];
}

/** Under the field: why the draft cannot be sent, or how much room is left in it. */
export function DraftNote({ id, fault, remaining, wrong, muted }: DraftNoteProps) {
  const t = useTranslations('composer');
  return (
    // Why nothing is sent at all is said above the composer already, and here for who is in the field.
    <p
      id={id}
      role="status"
      className={`px-4 text-sm empty:hidden ${!wrong && muted !== null ? 'sr-only' : wrong ? 'text-danger' : 'text-soft'}`}
    >
      {fault === 'not-well-formed'
        ? t('malformed')
        : remaining < 0
          ? t('tooLong', { count: -remaining })
          : fault === 'too-long'
            ? t('tooLarge')
            : muted !== null
              ? t(muted === 'keys-lost' ? 'keysLost' : 'keyRefused')
              : fault === 'emptied'
                ? t('emptied')
                : remaining <= REMAINING_SHOWN_CHARACTERS && t('remaining', { count: remaining })}
    </p>
  );
}
