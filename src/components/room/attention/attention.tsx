'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useAttention } from '@/hooks/use-attention';
import type { RoomSession } from '@/session/room-session';

/** Makes a hidden page call for attention. Draws nothing. */
export function Attention({ session }: { session: RoomSession }) {
  const t = useTranslations('attention');
  const label = usePersonLabel();
  useAttention(session, (message, isNamed) =>
    isNamed ? t('messageFrom', { name: label(message).inSentence }) : t('message'),
  );
  return null;
}
