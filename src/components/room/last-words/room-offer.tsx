'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useRoomName } from '@/components/room/use-room-name';
import { Button } from '@/components/ui/button';
import type { RoomOffer } from '@/domain/content';
import type { MessageEntry } from '@/session/messages/transcript';
import { useGoingOver } from '@/hooks/use-new-room';

/** In place of the words of a message: the owner has made a room in which the talk can go on. */
export function RoomOfferCard({ message, offer }: { message: MessageEntry; offer: RoomOffer }) {
  const t = useTranslations('lastWords');
  const label = usePersonLabel();
  const name = useRoomName(offer.roomId);
  const goOver = useGoingOver();
  return (
    <div className="max-w-72 py-1 whitespace-normal">
      <p className="font-medium">{message.self ? t('offerSelf') : t('offer', { name: label(message).inSentence })}</p>
      <p className="text-sm text-soft">{t('offerHint', { room: name })}</p>
      <Button tone="primary" data-part="" className="mt-3 w-full" onClick={() => goOver(offer)}>
        {t('go')}
      </Button>
    </div>
  );
}
