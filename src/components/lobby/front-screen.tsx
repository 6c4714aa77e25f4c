import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { SiteFooter, type OperatorLinks } from '@/components/site/site-footer';
import { SiteHeader } from '@/components/site/site-header';
import type { Theme } from '@/lib/theme';
import { LobbyPlace } from './lobby-place';
import { HowItWorks } from './how-it-works';
import { LivingRoom } from './living-room';
import { OpenRoomForm } from './open-room-form';
import { ReturnReasonNotice, type ReturnReason } from './return-reason';
import { RoomBehindPlace } from './room-behind-place';
import { RoomChips } from './room-chips';

export interface SiteSettings extends OperatorLinks {
  /** Whether the site lists public rooms. */
  publicRooms: boolean;
}

interface FrontScreenProps {
  /** Why somebody was brought back here. */
  reason: ReturnReason | null;
  theme: Theme;
  /** What this site is set to. */
  site: SiteSettings;
}

export function FrontScreen({ reason, theme, site: { publicRooms, ...links } }: FrontScreenProps) {
  const t = useTranslations('front');
  const site = useTranslations('site');
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-xl flex-col px-5 sm:px-6 md:max-w-5xl short:max-w-5xl">
      <SiteHeader>
        <RoomBehindPlace />
      </SiteHeader>
      <main className="flex-1 pt-6 pb-16 sm:pt-12 short:pt-1 lg:pt-20">
        {reason !== null && <ReturnReasonNotice reason={reason} />}
        <div className="items-start gap-x-12 gap-y-14 md:grid md:grid-cols-[minmax(0,1fr)_18rem] lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-x-20">
          <div>
            <h1 className="text-[clamp(1.375rem,8vw,2.125rem)] leading-[1.1] font-semibold tracking-tight text-balance lg:text-5xl short:text-3xl">
              {t.rich('heading', { line: (words: ReactNode) => <span className="block">{words}</span> })}
            </h1>
            <p className="mt-4 text-lg leading-relaxed text-pretty text-soft short:mt-1.5 short:text-base short:leading-normal">
              {t('sentence')}
            </p>
            <OpenRoomForm chips={<RoomChips hasPublic={publicRooms} />} />
            <noscript>
              <p className="mt-4 text-danger">{site('noScript')}</p>
            </noscript>
          </div>
          {/* At the top, where nothing that is found out later moves it. */}
          <div className="mt-14 flex justify-center md:mt-6 lg:mt-10">
            <LivingRoom />
          </div>
        </div>
        {publicRooms && <LobbyPlace />}
        <HowItWorks />
      </main>
      <SiteFooter theme={theme} {...links} />
    </div>
  );
}
