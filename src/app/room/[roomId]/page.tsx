import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { cookies } from 'next/headers';
import { RoomScreen } from '@/components/room/screens/room-screen';
import { WordsProvider } from '@/i18n/words-provider';
import { SEATED_COOKIE } from '@/page/stay-names';

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

/**
 * The door, or a member's page that is being opened. Fetches nothing and changes nothing, so a preview or prefetch of the link
 * leaves no trace.
 */
export default async function RoomPage({ params }: PageProps<'/room/[roomId]'>) {
  const [{ roomId }, jar] = await Promise.all([params, cookies()]);
  return (
    <WordsProvider
      namespaces={[
        'site',
        'loading',
        'titles',
        'attention',
        'signals',
        'privateTalk',
        'door',
        'trouble',
        'ended',
        'room',
        'options',
        'listing',
        'connection',
        'safety',
        'keys',
        'transcript',
        'message',
        'files',
        'invite',
        'composer',
        'signals',
        'toast',
        'help',
        'search',
        'lastWords',
        'people',
        'knocks',
        'reports',
        'steering',
        'failure',
        'theme',
        'names',
        'phrase',
      ]}
    >
      <RoomScreen key={roomId} roomId={roomId} seated={jar.has(SEATED_COOKIE)} />
    </WordsProvider>
  );
}
