import { useFormatter, useTranslations } from 'next-intl';
import { SENDER_CHARACTERS_MAX } from '@/domain/limits';
import { nameFault } from '@/domain/text-rules';

/** Returns a function that says why a name cannot be taken, or null: the server's own rules, in words. */
export function useNameFault(): (name: string) => string | null {
  const t = useTranslations('door');
  const format = useFormatter();
  return (name) => {
    switch (nameFault(name.trim())) {
      case null:
        return null;
      case 'blank':
        return t('nameBlank');
      case 'not-well-formed':
        return t('nameMalformed');
      case 'too-long':
        return t('nameTooLong', { max: format.number(SENDER_CHARACTERS_MAX) });
      case 'forbidden':
        return t('nameForbidden');
    }
  };
}
