import { useTranslations } from 'next-intl';
import type { Theme } from '@/lib/theme';
import { ThemeSwitch } from './theme-switch';

/** Where whoever runs the site is reached, and what they ask of visitors: links of https or mailto, or null. */
export interface OperatorLinks {
  contact: string | null;
  rules: string | null;
}

const LINK_CLASS = '-mx-2 inline-flex min-h-11 items-center rounded-xl px-2 underline-offset-4 hover:underline';

export function SiteFooter({ theme, contact, rules }: OperatorLinks & { theme: Theme }) {
  const t = useTranslations('site');
  return (
    <footer
      aria-label={t('footer')}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line pt-4 pb-[max(1.25rem,env(safe-area-inset-bottom))] text-sm text-soft"
    >
      <nav aria-label={t('links')} className="flex flex-wrap items-center gap-x-6">
        <a href="/licence.txt" className={LINK_CLASS}>
          {t('licence')}
        </a>
        {rules !== null && (
          <a href={rules} rel="noreferrer" className={LINK_CLASS}>
            {t('rules')}
          </a>
        )}
        {contact !== null && (
          <a href={contact} rel="noreferrer" className={LINK_CLASS}>
            {t('contact')}
          </a>
        )}
      </nav>
      <ThemeSwitch served={theme} />
    </footer>
  );
}
