import { getTranslations } from 'next-intl/server';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { HowItWorks } from '@/components/lobby/how-it-works';
import { LivingRoom } from '@/components/lobby/living-room';
import { OpenRoomForm } from '@/components/lobby/open-room-form';
import { parseReturnReason, ReturnReasonNotice } from '@/components/lobby/return-reason';
import { RoomBehindOffer } from '@/components/lobby/room-behind-offer';
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
      <div className="mx-auto flex min-h-dvh w-full max-w-xl flex-col px-5 sm:px-6 md:max-w-5xl short:max-w-5xl">
        <SiteHeader>
          <RoomBehindOffer />
        </SiteHeader>
        <main className="flex-1 pt-6 pb-16 sm:pt-12 short:pt-1 lg:pt-20">
          {reason !== null && <ReturnReasonNotice reason={reason} />}
          <div className="items-center gap-x-12 gap-y-14 md:grid md:grid-cols-[minmax(0,1fr)_18rem] lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-x-20">
            <div>
              <h1 className="text-[clamp(1.375rem,8vw,2.125rem)] leading-[1.1] font-semibold tracking-tight text-balance lg:text-5xl short:text-3xl">
                {t.rich('heading', { line: (words: ReactNode) => <span className="block">{words}</span> })}
              </h1>
              <p className="mt-4 text-lg leading-relaxed text-pretty text-soft short:mt-1.5 short:text-base short:leading-normal">
                {t('sentence')}
              </p>
              <OpenRoomForm />
              <noscript>
                <p className="mt-4 text-danger">{site('noScript')}</p>
              </noscript>
            </div>
            <div className="mt-14 flex justify-center md:mt-0">
              <LivingRoom />
            </div>
          </div>
          <HowItWorks />
        </main>
        <SiteFooter theme={parseTheme(jar.get(THEME_COOKIE)?.value)} />
      </div>
    </WordsProvider>
  );
}
