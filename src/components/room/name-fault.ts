import { useFormatter, useTranslations } from 'next-intl';
import { SENDER_CHARACTERS_MAX } from '@/domain/limits';
import { codePointLength, isWellFormed } from '@/lib/code-points';

/** Says why a name cannot be taken, or null: the same rules as the server's, in words. */
export function useNameFault(): (name: string) => string | null {
  const t = useTranslations('door');
  const format = useFormatter();
  return (name) => {
    const trimmed = name.trim();
    if (trimmed === '') return t('nameBlank');
    if (!isWellFormed(trimmed)) return t('nameMalformed');
    if (codePointLength(trimmed) > SENDER_CHARACTERS_MAX) return t('nameTooLong', { max: format.number(SENDER_CHARACTERS_MAX) });
    return null;
  };
}
