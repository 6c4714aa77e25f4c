'use client';

import { lazy, Suspense } from 'react';
import { LOCALE } from '@/i18n/locale';
import './globals.css';

// It stands in for the layout and so has none of its words; fetched only then, they cost other pages nothing.
const GlobalErrorScreen = lazy(() => import('@/components/site/global-error-screen'));

/** For when even the layout broke: a whole document of its own. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang={LOCALE}>
      <body>
        <Suspense fallback={null}>
          <GlobalErrorScreen onRetry={reset} />
        </Suspense>
      </body>
    </html>
  );
}
