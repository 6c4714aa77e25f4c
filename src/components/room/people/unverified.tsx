import { useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';

/** Beside the label of a seat whose card shows no keys that make its id. */
export function Unverified() {
  const t = useTranslations('people');
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-xs text-danger">
      <Icon name="alert" className="size-3.5" />
      {t('unverified')}
    </span>
  );
}
