'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { FIELD_CLASS } from '@/components/ui/text-field';
import { useCopy } from '@/components/ui/use-copy';

/** The unsent text, to be copied; renders nothing when there is none. */
export function UnsentDraft({ draft }: { draft: string }) {
  const t = useTranslations('ended');
  const room = useTranslations('room');
  const { state, copy } = useCopy(draft);
  if (draft === '') return null;
  return (
    <section aria-labelledby="unsent-draft" className="!mt-8 text-base text-ink">
      <h2 id="unsent-draft" className="font-medium">
        {t('draftHeading')}
      </h2>
      <p id="unsent-draft-hint" className="mt-1 text-[0.9375rem] text-soft">
        {t('draft')}
      </p>
      <textarea
        readOnly
        rows={4}
        dir="auto"
        value={draft}
        aria-labelledby="unsent-draft"
        aria-describedby="unsent-draft-hint"
        onFocus={(event) => event.target.select()}
        className={`mt-3 ${FIELD_CLASS}`}
      />
      <Button icon={state === 'copied' ? 'check' : 'copy'} onClick={copy} className="mt-2">
        <span aria-live="polite">
          {state === 'copied' ? room('copied') : state === 'failed' ? room('copyFailed') : t('copyDraft')}
        </span>
      </Button>
    </section>
  );
}
