'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { FrontLink } from './front-link';
import { PlainScreen } from './plain-screen';

export function ErrorScreen({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations('errors');
  return (
    <PlainScreen
      icon="alert"
      heading={t('heading')}
      focused
      actions={
        <>
          <Button tone="primary" onClick={onRetry}>
            {t('again')}
          </Button>
          <FrontLink>{t('home')}</FrontLink>
        </>
      }
    >
      <p>{t('body')}</p>
    </PlainScreen>
  );
}
