'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useAttention } from '@/hooks/use-attention';
import type { RoomSession } from '@/session/room-session';

const NAMELESS = { everybody: 'message', mention: 'mention', reply: 'reply', offer: 'offer' } as const;
const FROM_SOMEBODY = {
  everybody: 'messageFrom',
  mention: 'mentionFrom',
  reply: 'replyFrom',
  offer: 'offerFrom',
} as const;

/** Makes a hidden page call for attention. Draws nothing. */
export function Attention({ session }: { session: RoomSession }) {
  const t = useTranslations('attention');
  const label = usePersonLabel();
  useAttention(session, (news, isNamed) => {
    if ('atDoor' in news) {
      const { name, memberId } = news.atDoor;
      return isNamed && name !== null ? t('knockFrom', { name: label({ name, memberId }).inSentence }) : t('knock');
    }
    const { message, why } = news;
    return isNamed
      ? t(FROM_SOMEBODY[why ?? 'everybody'], { name: label(message).inSentence })
      : t(NAMELESS[why ?? 'everybody']);
  });
  return null;
}
