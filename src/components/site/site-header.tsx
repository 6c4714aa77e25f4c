import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Wordmark } from './wordmark';

/** `children` stand at its end; their place is kept, whenever they come. */
export function SiteHeader({ children }: { children?: ReactNode }) {
  const t = useTranslations('site');
  return (
    <header className="flex min-h-16 items-center justify-between gap-4 pt-[env(safe-area-inset-top)] short:min-h-12">
      {/* Also on the front page itself, where a new page load is how to start over. */}
      {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
      <a href="/" aria-label={t('home')} className="-mx-2 inline-flex min-h-11 items-center rounded-xl px-2">
        <Wordmark name={t('name')} />
      </a>
      {children}
    </header>
  );
}
