'use client';

import { useLocale } from 'next-intl';
import { regionalLocale } from '@/lib/regional-locale';

interface Formats {
  short: Intl.DateTimeFormat;
  seconds: Intl.DateTimeFormat;
  exact: Intl.DateTimeFormat;
}

// Making a formatter costs more than using it a thousand times, and a transcript shows a thousand times.
const formatsByLocale = new Map<string, Formats>();

function formatsFor(locale: string): Formats {
  const known = formatsByLocale.get(locale);
  if (known !== undefined) return known;
  const formats = {
    short: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    seconds: new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }),
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

interface ClockTimeProps {
  /** Milliseconds since the epoch. */
  timestamp: number;
  /** To the second. */
  exact?: boolean;
  className?: string;
}

/** The hour and minute of a moment; its date and time when the pointer rests on it. */
export function ClockTime({ timestamp, exact = false, className }: ClockTimeProps) {
  'use memo';
  const formats = useClockFormats();
  return (
    <time dateTime={new Date(timestamp).toISOString()} title={formats.exact.format(timestamp)} className={className}>
      {formats[exact ? 'seconds' : 'short'].format(timestamp)}
    </time>
  );
}
