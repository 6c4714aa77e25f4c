import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('meta');
  return { title: t('notFoundTitle'), robots: { index: false, follow: false } };
}

export default async function NotFound() {
  const t = await getTranslations('errors');
  return (
    <PlainScreen heading={t('notFoundHeading')} actions={<FrontLink tone="primary">{t('home')}</FrontLink>}>
      <p>{t('notFound')}</p>
    </PlainScreen>
  );
}
