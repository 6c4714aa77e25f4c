'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useAttention } from '@/hooks/use-attention';
import type { RoomSession } from '@/session/room-session';

const REQUESTS = {
  knock: { nameless: 'knock', named: 'knockFrom' },
  talk: { nameless: 'talk', named: 'talkFrom' },
  extension: { nameless: 'extension', named: 'extensionFrom' },
} as const;
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
    if ('request' in news) {
      const { kind, from } = news.request;
      const { nameless, named } = REQUESTS[kind];
      return isNamed && from.name !== null ? t(named, { name: label({ ...from }).inSentence }) : t(nameless);
    }
    const { message, why } = news;
    return isNamed
      ? t(FROM_SOMEBODY[why ?? 'everybody'], { name: label(message).inSentence })
      : t(NAMELESS[why ?? 'everybody']);
  });
  return null;
}
