import { useTranslations } from 'next-intl';
import { Icon } from '@/components/ui/icon';

const STEPS = [
  { icon: 'share', title: 'howShareTitle', text: 'howShare' },
  { icon: 'shield', title: 'howSealedTitle', text: 'howSealed' },
  { icon: 'clock', title: 'howGoneTitle', text: 'howGone' },
] as const;

export function HowItWorks() {
  const t = useTranslations('front');
  return (
    <section aria-labelledby="how-it-works" className="mt-16 sm:mt-20">
      <h2 id="how-it-works" className="sr-only">
        {t('howTitle')}
      </h2>
      <ul className="grid gap-5 md:grid-cols-3 md:gap-8">
        {STEPS.map((step) => (
          <li key={step.title} className="flex gap-4 md:flex-col md:gap-2">
            <Icon name={step.icon} className="mt-0.5 size-5 text-accent" />
            <p className="leading-relaxed text-soft">
              <strong className="font-medium text-ink">{t(step.title)}</strong> {t(step.text)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
