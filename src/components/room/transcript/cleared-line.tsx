'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';

/** In the place of what the reader has cleared from their own screen, and the way back to it. */
export function ClearedLine({ onShow }: { onShow: () => void }) {
  const t = useTranslations('transcript');
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-1 pb-4 text-sm text-soft">
      <p role="status">{t('cleared')}</p>
      <Button
        tone="quiet"
        className="!px-2 text-sm"
        onClick={(event) => {
          // The button is removed with the line.
          event.currentTarget.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
          onShow();
        }}
      >
        {t('showAgain')}
      </Button>
    </div>
  );
}
