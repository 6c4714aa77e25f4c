import { cookies } from 'next/headers';
import { FrontScreen } from '@/components/lobby/front-screen';
import { parseReturnReason } from '@/components/lobby/return-reason';
import { WordsProvider } from '@/i18n/words-provider';
import { siteSettings } from './site-settings';
import { parseTheme, THEME_COOKIE } from '@/lib/theme';

/** Words that only a site with public rooms needs. */
const LOBBY_WORDS = ['lobby', 'listing'] as const;

export default async function FrontPage({ searchParams }: PageProps<'/'>) {
  const [query, jar] = await Promise.all([searchParams, cookies()]);
  const site = siteSettings();
  return (
    <WordsProvider namespaces={['front', 'failure', 'theme', 'names', ...(site.publicRooms ? LOBBY_WORDS : [])]}>
      <FrontScreen
        site={site}
        reason={parseReturnReason(query['reason'])}
        theme={parseTheme(jar.get(THEME_COOKIE)?.value)}
      />
    </WordsProvider>
  );
}
