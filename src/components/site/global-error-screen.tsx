'use client';

import { NextIntlClientProvider } from 'next-intl';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { ErrorScreen } from './error-screen';

/** The error screen with its own words, because no provider is around it any more. */
export default function GlobalErrorScreen({ onRetry }: { onRetry: () => void }) {
  return (
    <NextIntlClientProvider locale={LOCALE} messages={{ errors: messages.errors }} timeZone="UTC">
      <title>{`${messages.meta.errorTitle} · ${messages.meta.name}`}</title>
      <ErrorScreen onRetry={onRetry} />
    </NextIntlClientProvider>
  );
}
