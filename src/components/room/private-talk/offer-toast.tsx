'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { Button } from '@/components/ui/button';
import { useNameOf } from '@/hooks/use-private-talk';
import type { TalkOffer } from '@/session/private-talk/private-talk';
import type { TalkAnswer } from '@/session/private-talk/whispered';
import type { RoomSession } from '@/session/room-session';
import { TalkRoomLink } from './talk-room-link';
import { TalkToast } from './talk-toast';

interface OfferToastProps {
  session: RoomSession;
  offer: TalkOffer;
  isSealed: boolean;
  onAnswer: (answer: TalkAnswer) => void;
}

/** Somebody would like to talk privately. */
export function OfferToast({ session, offer, isSealed, onAnswer }: OfferToastProps) {
  const t = useTranslations('privateTalk');
  const label = usePersonLabel();
  const name = label(useNameOf(session, offer.from)).inSentence;
  return (
    <TalkToast icon="lock" sentence={t('offered', { name })} hint={isSealed ? t('offeredHint') : t('plainHint')}>
      <Button onClick={() => onAnswer('declined')}>{t('notNow')}</Button>
      <TalkRoomLink path={offer.path} onFollow={() => onAnswer('opened')}>
        {t('open')}
      </TalkRoomLink>
    </TalkToast>
  );
}
