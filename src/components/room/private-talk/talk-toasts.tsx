'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useTalkToasts } from '@/hooks/use-private-talk';
import type { Talks } from '@/session/private-talk/private-talk';
import type { RoomSession } from '@/session/room-session';
import { AskToast } from './ask-toast';
import { OfferToast } from './offer-toast';

interface TalkToastsProps {
  session: RoomSession;
  talks: Talks;
  onDone: () => void;
}

/** One toast for each person, in a part of the screen that is theirs alone: they cover neither the talk nor the composer. */
export function TalkToasts({ session, talks, onDone }: TalkToastsProps) {
  const t = useTranslations('privateTalk');
  const { room } = useRoomInfo(session);
  const { asks, offers } = useTalkToasts(talks);
  const count = asks.length + offers.length;
  const before = useRef(count);
  const isPressed = useRef(false);
  // A toast that is pressed away takes the focused button with it. One that lapses moves nothing.
  useEffect(() => {
    if (count < before.current && isPressed.current && document.activeElement === document.body) onDone();
    if (count !== before.current) isPressed.current = false;
    before.current = count;
  }, [count, onDone]);
  if (count === 0) return null;
  return (
    <ul
      onClickCapture={() => {
        isPressed.current = true;
      }}
      aria-label={t('heading')}
      className="mx-auto flex max-h-[40dvh] w-full max-w-3xl flex-col gap-2 overflow-y-auto px-4 pt-2"
    >
      {offers.map((offer) => (
        <OfferToast
          key={offer.from}
          session={session}
          offer={offer}
          isSealed={room.sealed}
          onAnswer={(answer) => talks.answer(offer.id, answer)}
        />
      ))}
      {asks.map((ask) => (
        <AskToast
          key={ask.to}
          session={session}
          ask={ask}
          isSealed={room.sealed}
          onEnter={() => talks.enter(ask.to)}
          onDismiss={() => talks.dismiss(ask.to)}
        />
      ))}
    </ul>
  );
}
