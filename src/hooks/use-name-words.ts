'use client';

import { useTranslations } from 'next-intl';
import type { NameWords } from '@/domain/names';

/** The words of which names are made in the reader's language. */
export function useNameWords(): NameWords {
  'use memo';
  const t = useTranslations('names');
  return { adjectives: t('adjectives').split(' '), animals: t('animals').split(' ') };
}
