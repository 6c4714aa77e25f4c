import { useTranslations } from 'next-intl';

/** Where the ring around the time stands: 7:12 of ten minutes. */
const LEFT = 72;

/**
 * A small room that lives: what one sees is what one gets. Elements and a style sheet alone, with no script and nothing to load, and
 * only for the eyes.
 */
export function LivingRoom() {
  const t = useTranslations('front');
  return (
    <div
      aria-hidden="true"
      className="w-full max-w-sm overflow-hidden rounded-3xl border border-line bg-surface shadow-float select-none"
    >
      <div className="flex items-center gap-3 border-b border-line px-5 py-3.5">
        <svg viewBox="0 0 36 36" className="size-9 -rotate-90 text-accent" fill="none" strokeWidth="3">
          <circle cx="18" cy="18" r="15.5" className="stroke-line" />
          <circle
            cx="18"
            cy="18"
            r="15.5"
            pathLength={100}
            strokeDasharray={`${LEFT} 100`}
            strokeLinecap="round"
            stroke="currentColor"
          />
        </svg>
        <div className="min-w-0">
          <p className="text-[0.9375rem] leading-5 font-semibold tracking-tight">{t('sampleRoom')}</p>
          <p className="text-xs leading-4 text-soft tabular-nums">{t('sampleTime')}</p>
        </div>
      </div>
      <div className="space-y-3 px-5 pt-5 pb-6">
        <Bubble tint={1} name={t('sampleOne')} initials={t('sampleOneInitials')} text={t('sampleOneText')} />
        <Bubble
          tint={9}
          name={t('sampleTwo')}
          initials={t('sampleTwoInitials')}
          text={t('sampleTwoText')}
          delay="[animation-delay:1.8s]"
        />
        <p className="ms-auto w-fit max-w-[80%] rounded-2xl rounded-ee-md border border-transparent bg-accent-soft px-3.5 py-2 text-[0.9375rem] [animation-delay:3.6s] motion-safe:animate-come-and-go">
          {t('sampleOwnText')}
        </p>
      </div>
    </div>
  );
}

interface BubbleProps {
  tint: number;
  name: string;
  initials: string;
  text: string;
  /** A class: style attributes are against the content security policy. */
  delay?: string;
}

function Bubble({ tint, name, initials, text, delay = '' }: BubbleProps) {
  return (
    <div data-tint={tint} className={`flex items-end gap-2.5 motion-safe:animate-come-and-go ${delay}`}>
      <span className="flex size-8 shrink-0 items-center justify-center rounded-full border border-transparent bg-(--tint) text-[0.6875rem] font-semibold text-canvas forced-colors:border-[CanvasText] forced-colors:text-[CanvasText]">
        {initials}
      </span>
      <div className="min-w-0">
        <p className="ps-1 text-xs font-medium text-(--tint)">{name}</p>
        <p className="mt-1 w-fit rounded-2xl rounded-es-md border border-transparent bg-sunken px-3.5 py-2 text-[0.9375rem]">
          {text}
        </p>
      </div>
    </div>
  );
}
