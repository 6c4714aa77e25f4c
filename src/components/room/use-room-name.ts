'use client';

import { useTranslations } from 'next-intl';
import { roomName } from '@/domain/names';
import type { RoomId } from '@/domain/room';

/** Two words by which people in a room call it. Never for titles: it would tell rooms apart in histories and window lists. */
export function useRoomName(roomId: RoomId): string {
  'use memo';
  const t = useTranslations('names');
  const { adjective, place } = roomName(roomId, {
    adjectives: t('roomAdjectives').split(' '),
    places: t('roomPlaces').split(' '),
  });
  return t('roomName', { adjective, place });
}
