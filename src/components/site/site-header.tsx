import { useTranslations } from 'next-intl';
import { Wordmark } from './wordmark';

export function SiteHeader() {
  const meta = useTranslations('meta');
  const t = useTranslations('site');
  return (
    <header className="flex min-h-16 items-center pt-[env(safe-area-inset-top)]">
      {/* Also on the front page itself, where a new page load is how to start over. */}
      {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
      <a href="/" aria-label={t('home')} className="-mx-2 inline-flex min-h-11 items-center rounded-xl px-2">
        <Wordmark name={meta('name')} />
      </a>
    </header>
  );
}
