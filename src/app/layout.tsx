import type { Metadata, Viewport } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { sansVariables } from './font';
import { PurgeOnLoad } from './purge-on-load';
import { siteSettings } from './site-settings';
import { WordsProvider } from '@/i18n/words-provider';
import { parseTheme, THEME_COOKIE, type Theme } from '@/lib/theme';
import './globals.css';

async function chosenTheme(): Promise<Theme> {
  return parseTheme((await cookies()).get(THEME_COOKIE)?.value);
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('meta');
  const shared = { title: t('title'), description: t('description') };
  return {
    ...shared,
    title: { default: t('title'), template: `%s · ${t('name')}` },
    applicationName: t('name'),
    openGraph: { ...shared, siteName: t('name'), type: 'website' },
    twitter: { ...shared, card: 'summary' },
    // A time or a name is not a telephone number.
    formatDetection: { telephone: false, email: false, address: false },
    appleWebApp: { title: t('name') },
  };
}

const LIGHT_GROUND = '#fbfaf7';
const DARK_GROUND = '#0c1519';

export async function generateViewport(): Promise<Viewport> {
  const theme = await chosenTheme();
  return {
    width: 'device-width',
    initialScale: 1,
    // The page reaches under rounded corners and keeps its own distance from them.
    viewportFit: 'cover',
    // The keyboard shrinks the page, so the composer stays above it.
    interactiveWidget: 'resizes-content',
    themeColor:
      theme === 'system'
        ? [
            { media: '(prefers-color-scheme: light)', color: LIGHT_GROUND },
            { media: '(prefers-color-scheme: dark)', color: DARK_GROUND },
          ]
        : theme === 'light'
          ? LIGHT_GROUND
          : DARK_GROUND,
  };
}

/** The theme is part of the markup: no flash of the other one, and no script to prevent it. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme] = await Promise.all([getLocale(), chosenTheme()]);
  return (
    <html
      lang={locale}
      data-theme={theme}
      // For what only the owner of a room is shown (hooks/use-lobby-on).
      data-public-rooms={siteSettings().publicRooms ? 'on' : undefined}
      className={sansVariables}
    >
      <body>
        <WordsProvider namespaces={['errors']}>{children}</WordsProvider>
        <PurgeOnLoad />
      </body>
    </html>
  );
}
