import { getTranslations } from 'next-intl/server';
import { cookies } from 'next/headers';
import { HowItWorks } from '@/components/lobby/how-it-works';
import { OpenRoomForm } from '@/components/lobby/open-room-form';
import { parseReturnReason, ReturnReasonNotice } from '@/components/lobby/return-reason';
import { SiteFooter } from '@/components/site/site-footer';
import { SiteHeader } from '@/components/site/site-header';
import { WordsProvider } from '@/i18n/words-provider';
import { parseTheme, THEME_COOKIE } from '@/lib/theme';

export default async function FrontPage({ searchParams }: PageProps<'/'>) {
  const [t, site, query, jar] = await Promise.all([
    getTranslations('front'),
    getTranslations('site'),
    searchParams,
    cookies(),
  ]);
  const reason = parseReturnReason(query['reason']);
  return (
    <WordsProvider namespaces={['front', 'failure', 'theme', 'names']}>
      <div className="mx-auto flex min-h-dvh w-full max-w-xl flex-col px-5 sm:px-6">
        <SiteHeader />
        <main className="flex-1 pt-10 pb-16 sm:pt-20">
          {reason !== null && <ReturnReasonNotice reason={reason} />}
          <h1 className="text-4xl leading-[1.1] font-semibold tracking-tight text-balance sm:text-5xl">
            {t('heading')}
          </h1>
          <p className="mt-5 text-lg leading-relaxed text-pretty text-soft">{t('sentence')}</p>
          <OpenRoomForm />
          <noscript>
            <p className="mt-4 text-danger">{site('noScript')}</p>
          </noscript>
          <HowItWorks />
        </main>
        <SiteFooter theme={parseTheme(jar.get(THEME_COOKIE)?.value)} />
      </div>
    </WordsProvider>
  );
}
