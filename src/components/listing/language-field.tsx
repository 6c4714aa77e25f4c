'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { SelectField } from '@/components/ui/select-field';
import { bareLanguage, languagesToChoose } from '@/lib/languages';

/** The languages of this browser, the preferred one first. To be called in the browser only. */
export function browserLanguages(): readonly string[] {
  return navigator.languages.flatMap((tag) => bareLanguage(tag) ?? []);
}

interface LanguageFieldProps extends Omit<ComponentProps<'select'>, 'id' | 'children'> {
  /** One that has to be among them. */
  known?: string | undefined;
}

/** What language a public room speaks, by its name in the reader's. Drawn in the browser only, whose languages it offers. */
export function LanguageField({ known, ...rest }: LanguageFieldProps) {
  const t = useTranslations('listing');
  const locale = useLocale();
  const used = known === undefined ? browserLanguages() : [...browserLanguages(), known];
  return (
    <SelectField {...rest} label={t('language')}>
      <option value="">{t('anyLanguage')}</option>
      {languagesToChoose(locale, used).map(({ tag, name }) => (
        <option key={tag} value={tag}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
