'use client';

import { lazy, Suspense } from 'react';
import { LOCALE } from '@/i18n/locale';
import './globals.css';

// It replaces the layout and so has none of its words; fetched only then, they cost other pages nothing.
const GlobalErrorScreen = lazy(() => import('@/components/site/global-error-screen'));

/** A whole document, for the case that even the layout failed. */
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
