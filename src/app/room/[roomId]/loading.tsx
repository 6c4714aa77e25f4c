import { getTranslations } from 'next-intl/server';
import { RoomSkeleton } from '@/components/room/screens/room-skeleton';

export default async function Loading() {
  const t = await getTranslations('loading');
  return <RoomSkeleton label={t('room')} />;
}
