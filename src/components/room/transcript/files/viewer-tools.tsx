import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';

interface ToolProps {
  label: string;
  /** It keeps the focus, and does nothing. */
  isInert?: boolean;
  onPress: () => void;
  className?: string;
  children: ReactNode;
}

export function Tool({ label, isInert = false, onPress, className = '', children }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={isInert || undefined}
      onClick={isInert ? undefined : onPress}
      className={`inline-flex size-11 shrink-0 items-center justify-center rounded-xl aria-disabled:cursor-default aria-disabled:opacity-40 not-aria-disabled:hover:bg-sunken ${className}`}
    >
      {children}
    </button>
  );
}

interface TurningProps {
  place: number;
  count: number;
  onTurn: (step: -1 | 1) => void;
}

/** At the sides of the stage, the way to the pictures before and after. */
export function Turning({ place, count, onTurn }: TurningProps) {
  const t = useTranslations('files.received');
  const look = 'absolute top-1/2 -translate-y-1/2 !rounded-full border border-line bg-surface';
  return (
    <>
      <Tool label={t('previous')} isInert={place === 0} onPress={() => onTurn(-1)} className={`start-2 ${look}`}>
        <Icon name="chevron" className="size-5 rotate-90 rtl:-rotate-90" />
      </Tool>
      <Tool label={t('next')} isInert={place === count - 1} onPress={() => onTurn(1)} className={`end-2 ${look}`}>
        <Icon name="chevron" className="size-5 -rotate-90 rtl:rotate-90" />
      </Tool>
    </>
  );
}
