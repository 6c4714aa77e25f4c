'use client';

import { useFormatter, useTranslations } from 'next-intl';

/** A list of more names than this has one fewer, and counts the others. */
const NAMED_MAX = 3;

/** Returns a function that puts names into one list for a sentence. */
export function useNameList(): (names: readonly string[]) => string {
  const t = useTranslations('transcript');
  const format = useFormatter();
  return (names) => {
    const named = names.length > NAMED_MAX ? names.slice(0, NAMED_MAX - 1) : names;
    const others = names.length - named.length;
    return format.list(others === 0 ? named : [...named, t('others', { count: others })]);
  };
}
