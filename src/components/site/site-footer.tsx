import { useTranslations } from 'next-intl';
import type { Theme } from '@/lib/theme';
import { ThemeSwitch } from './theme-switch';

export function SiteFooter({ theme }: { theme: Theme }) {
  const t = useTranslations('site');
  return (
    <footer
      aria-label={t('footer')}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line pt-4 pb-[max(1.25rem,env(safe-area-inset-bottom))] text-sm text-soft"
    >
      <a
        href="/licence.txt"
        className="-mx-2 inline-flex min-h-11 items-center rounded-xl px-2 underline-offset-4 hover:underline"
      >
        {t('licence')}
      </a>
      <ThemeSwitch served={theme} />
    </footer>
  );
}
