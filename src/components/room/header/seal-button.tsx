'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { PhraseWords } from '@/components/room/phrase-words';
import type { Room } from '@/domain/room';
import { shownName } from '@/domain/text-rules';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';

/** The word that says how private the room is. */
export const privacyOf = ({ sealed, listed }: Pick<Room, 'sealed' | 'listed'>) =>
  sealed ? 'sealed' : listed ? 'public' : 'notSealed';

/**
 * Fills the element around it, in front of whose words it says how the room is sealed, and opens the phrase to compare to be sure
 * that everybody has the same key.
 */
export function SealButton({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const safety = useTranslations('safety');
  const { room, safetyPhrase } = useRoomInfo(session);
  const [open, setOpen] = useState(false);
  const kind = privacyOf(room);
  const word = t(kind);
  return (
    <>
      <button
        type="button"
        aria-label={word}
        title={word}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="absolute inset-0 rounded-xl transition-colors hover:bg-sunken"
      />
      <Dialog open={open} onClose={() => setOpen(false)} title={safety(`${kind}Heading`)} closeLabel={t('close')}>
        {/* On a narrow screen the header has no room for all of it. */}
        {kind === 'public' && room.topic !== undefined && (
          <p dir="auto" className="mb-2 font-medium wrap-anywhere">
            {shownName(room.topic)}
          </p>
        )}
        <p className="text-soft">{safety(kind)}</p>
        {safetyPhrase !== null && (
          <>
            <h3 className="mt-5 font-medium">{safety('phraseHeading')}</h3>
            <PhraseWords bytes={safetyPhrase} />
            <p className="mt-3 text-[0.9375rem] text-soft">{safety('phrase')}</p>
            <p className="mt-2 text-[0.9375rem] text-soft">{safety('person')}</p>
          </>
        )}
      </Dialog>
    </>
  );
}
