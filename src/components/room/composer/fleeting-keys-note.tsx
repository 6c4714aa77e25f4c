import { useTranslations } from 'next-intl';

/** Above the composer where the browser stores no keys, as in some private windows: what a reload costs. */
export function FleetingKeysNote() {
  const t = useTranslations('keys');
  return <p className="mx-auto w-full max-w-3xl px-7 pt-2 text-sm text-soft">{t('fleeting')}</p>;
}
