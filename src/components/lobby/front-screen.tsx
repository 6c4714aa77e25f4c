import { useTranslations } from 'next-intl';
import { SiteFooter } from '@/components/site/site-footer';
import { SiteHeader } from '@/components/site/site-header';
import type { Theme } from '@/lib/theme';
import { HowItWorks } from './how-it-works';
import { OpenRoomForm } from './open-room-form';
import { ReturnReasonNotice, type ReturnReason } from './return-reason';

interface FrontScreenProps {
  /** Why somebody was brought back here. */
  reason: ReturnReason | null;
  theme: Theme;
}

export function FrontScreen({ reason, theme }: FrontScreenProps) {
  const t = useTranslations('front');
  const site = useTranslations('site');
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-xl flex-col px-5 sm:px-6">
      <SiteHeader />
      <main className="flex-1 pt-10 pb-16 sm:pt-20">
        {reason !== null && <ReturnReasonNotice reason={reason} />}
        <h1 className="text-4xl leading-[1.1] font-semibold tracking-tight text-balance sm:text-5xl">{t('heading')}</h1>
        <p className="mt-5 text-lg leading-relaxed text-pretty text-soft">{t('sentence')}</p>
        <OpenRoomForm />
        <noscript>
          <p className="mt-4 text-danger">{site('noScript')}</p>
        </noscript>
        <HowItWorks />
      </main>
      <SiteFooter theme={theme} />
    </div>
  );
}
