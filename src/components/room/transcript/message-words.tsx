'use client';

import type { ReactNode } from 'react';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { useMembers } from '@/hooks/use-members';
import { useIsFromYoungSeat } from '@/hooks/use-young-seats';
import { LinksLead, MessageText } from './message-text';

interface MessageWordsProps {
  message: MessageEntry;
  text: string;
  session: RoomSession;
  /** Follows the last words. */
  children: ReactNode;
}

/** What a message says; a new room is drawn as an offer where the owner offers it, and is a link like any other where somebody else does. */
export function MessageWords({ message, text, session, children }: MessageWordsProps) {
  const isYoung = useIsFromYoungSeat(session, message);
  const words = (
    <LinksLead value={!isYoung}>
      <MessageText text={text} names={message.mentions}>
        {children}
      </MessageText>
    </LinksLead>
  );
  if (message.offer === undefined) return words;
  return (
    <Offer message={message} offer={message.offer} session={session}>
      {words}
    </Offer>
  );
}

interface OfferProps extends Omit<MessageWordsProps, 'text'> {
  offer: NonNullable<MessageEntry['offer']>;
}

function Offer({ message, offer, session, children }: OfferProps) {
  const parts = useRoomDialogs(true);
  const isOwners = useMembers(session).some(({ memberId, owner }) => owner && memberId === message.memberId);
  return isOwners && parts !== null ? <parts.RoomOfferCard message={message} offer={offer} /> : children;
}
