import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { NotFoundScreen } from '@/components/site/not-found-screen';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('meta');
  return { title: t('notFoundTitle'), robots: { index: false, follow: false } };
}

export default function NotFound() {
  return <NotFoundScreen />;
}
