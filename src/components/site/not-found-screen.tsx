import { useTranslations } from 'next-intl';
import { FrontLink } from './front-link';
import { PlainScreen } from './plain-screen';

export function NotFoundScreen() {
  const t = useTranslations('errors');
  return (
    <PlainScreen heading={t('notFoundHeading')} actions={<FrontLink tone="primary">{t('home')}</FrontLink>}>
      <p>{t('notFound')}</p>
    </PlainScreen>
  );
}
