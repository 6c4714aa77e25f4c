import { cookies } from 'next/headers';
import { FrontScreen } from '@/components/lobby/front-screen';
import { parseReturnReason } from '@/components/lobby/return-reason';
import { WordsProvider } from '@/i18n/words-provider';
import { parseTheme, THEME_COOKIE } from '@/lib/theme';

export default async function FrontPage({ searchParams }: PageProps<'/'>) {
  const [query, jar] = await Promise.all([searchParams, cookies()]);
  return (
    <WordsProvider namespaces={['front', 'failure', 'theme', 'names']}>
      <FrontScreen reason={parseReturnReason(query['reason'])} theme={parseTheme(jar.get(THEME_COOKIE)?.value)} />
    </WordsProvider>
  );
}
