'use client';

import { useLocale } from 'next-intl';
import { regionalLocale } from '@/lib/regional-locale';

interface Formats {
  short: Intl.DateTimeFormat;
  exact: Intl.DateTimeFormat;
}

// Making a formatter costs more than using it a thousand times, and a transcript shows a thousand times.
const formatsByLocale = new Map<string, Formats>();

function formatsFor(locale: string): Formats {
  const known = formatsByLocale.get(locale);
  if (known !== undefined) return known;
  const formats = {
    short: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    exact: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium' }),
  };
  formatsByLocale.set(locale, formats);
  return formats;
}

/** Writes times as the reader's country does, in the reader's time zone. Only for parts that the server never renders. */
export function useClockFormats(): Formats {
  const language = useLocale();
  return formatsFor(regionalLocale(language, navigator.languages));
}

/** The hour and minute of a moment (milliseconds since the epoch); its date and time when the pointer rests on it. */
export function ClockTime({ timestamp, className }: { timestamp: number; className?: string }) {
  'use memo';
  const { short, exact } = useClockFormats();
  return (
    <time dateTime={new Date(timestamp).toISOString()} title={exact.format(timestamp)} className={className}>
      {short.format(timestamp)}
    </time>
  );
}
