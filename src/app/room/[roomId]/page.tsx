import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RoomScreen } from '@/components/room/screens/room-screen';
import { WordsProvider } from '@/i18n/words-provider';

/** Says that there is a room, but not which: titles end up in histories, previews and window lists. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('meta');
  const shared = { title: t('roomInvitation'), description: t('roomDescription') };
  return {
    title: t('roomTitle'),
    description: t('roomDescription'),
    robots: { index: false, follow: false, nocache: true },
    referrer: 'no-referrer',
    openGraph: { ...shared, siteName: t('name'), type: 'website' },
    twitter: { ...shared, card: 'summary' },
  };
}

/** Fetches nothing and changes nothing, so a preview or prefetch of the link leaves no trace. */
export default async function RoomPage({ params }: PageProps<'/room/[roomId]'>) {
  const { roomId } = await params;
  return (
    <WordsProvider
      namespaces={[
        'site',
        'loading',
        'titles',
        'attention',
        'door',
        'trouble',
        'ended',
        'room',
        'connection',
        'safety',
        'keys',
        'transcript',
        'composer',
        'people',
        'failure',
        'theme',
        'names',
        'phrase',
      ]}
    >
      <RoomScreen key={roomId} roomId={roomId} />
    </WordsProvider>
  );
}
