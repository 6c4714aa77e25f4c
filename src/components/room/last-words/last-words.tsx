'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Button } from '@/components/ui/button';
import { LAST_WORDS_MS } from '@/domain/limits';
import type { Room } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { useCountdown } from '@/hooks/use-countdown';
import { useGoingOver, useNewRoom } from '@/hooks/use-new-room';
import { useOwnersOffer } from '@/hooks/use-owners-offer';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSteering } from '@/hooks/use-steering';
import { canLastLonger } from '@/domain/extension';
import { SaveDialog } from './save-dialog';

/** A room of a minute is not about to end from its beginning. */
const lastWordsMs = ({ createdAt, expiresAt }: Room) => Math.min(LAST_WORDS_MS, (expiresAt - createdAt) / 2);

interface LastWordsProps {
  session: RoomSession;
  /** The element that had the focus is gone. */
  onDone: () => void;
}

/** In the last two minutes: what can still be done, each by those who want to. */
export function LastWords({ session, onDone }: LastWordsProps) {
  'use memo';
  const t = useTranslations('lastWords');
  const { room, you } = useRoomInfo(session);
  const { secondsLeft } = useCountdown(room.expiresAt, session.clock);
  const isNear = secondsLeft * 1_000 <= lastWordsMs(room);
  return (
    <>
      <p role="status" className="sr-only">
        {isNear && t('near', { owner: String(you.owner) })} {isNear && canLastLonger(room) && t('nearMore')}
      </p>
      {isNear && <Offered session={session} onDone={onDone} />}
    </>
  );
}

function Offered({ session, onDone }: LastWordsProps) {
  const t = useTranslations('lastWords');
  const failureSentence = useFailureSentence();
  const { room, you, muted } = useRoomInfo(session);
  const { proposal, answerExtension } = useSteering(session);
  const { pending } = useRoomActions(session);
  const [saving, setSaving] = useState(false);
  const { making, failure, makeRoom } = useNewRoom(session);
  const offer = useOwnersOffer(session);
  const goOver = useGoingOver();
  return (
    <div className="mx-auto w-full max-w-3xl px-4">
      <div className="flex flex-wrap justify-center gap-x-1 border-t border-line pt-1">
        {proposal === null && canLastLonger(room) && (
          <Button
            tone="quiet"
            icon="clock"
            busy={pending === 'extend'}
            className="!px-2.5 !text-sm"
            // Somebody who is writing goes on writing.
            onPointerDown={(event) => event.preventDefault()}
            onClick={({ currentTarget }) => {
              answerExtension(true);
              if (document.activeElement === currentTarget) onDone();
            }}
          >
            {t('more')}
          </Button>
        )}
        <Button tone="quiet" icon={ROOM_ICONS.download} className="!px-2.5 !text-sm" onClick={() => setSaving(true)}>
          {t('save')}
        </Button>
        {offer !== null ? (
          <Button tone="quiet" icon={ROOM_ICONS.arrowAhead} className="!px-2.5 !text-sm" onClick={() => goOver(offer)}>
            {t('goOver')}
          </Button>
        ) : (
          you.owner &&
          muted === null && (
            <Button tone="quiet" icon={ROOM_ICONS.plus} busy={making} className="!px-2.5 !text-sm" onClick={makeRoom}>
              {t('goOn')}
            </Button>
          )
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="px-1 text-center text-sm text-danger">
          {t('offerFailed')} {failureSentence(failure)}
        </p>
      )}
      <SaveDialog session={session} open={saving} onClose={() => setSaving(false)} />
    </div>
  );
}
