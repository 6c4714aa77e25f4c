'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import type { IconName } from '@/components/ui/icon';
import { FIELD_CLASS } from '@/components/ui/text-field';
import { useCopy } from '@/components/ui/use-copy';
import type { EndReason } from '@/hooks/room-screen';
import { useOpenRoom } from '@/hooks/use-open-room';

const ICONS: Record<EndReason, IconName> = {
  expired: 'clock',
  destroyed: 'trash',
  gone: 'alert',
  removed: 'personOut',
  displaced: 'personOut',
  left: 'leave',
  'signed-out': 'personOut',
};

interface EndedScreenProps {
  reason: EndReason;
  draft: string;
  /** Where there is a door to come back to. */
  joinAgain?: (() => void) | undefined;
}

/** What happened, and the one thing that is left: the text that was not sent yet. */
export function EndedScreen({ reason, draft, joinAgain }: EndedScreenProps) {
  const t = useTranslations('ended');
  const failureSentence = useFailureSentence();
  const { opening, failure, openRoom } = useOpenRoom();
  return (
    <PlainScreen
      icon={ICONS[reason]}
      heading={t(`${reason}Heading`)}
      focused
      actions={
        <>
          {joinAgain !== undefined && (
            <Button tone="primary" onClick={joinAgain}>
              {t('joinAgain')}
            </Button>
          )}
          <Button tone={joinAgain === undefined ? 'primary' : 'secondary'} busy={opening} onClick={() => openRoom()}>
            {t('make')}
          </Button>
          <FrontLink>
            {t('home')}
          </FrontLink>
        </>
      }
    >
      <p>{t(reason)}</p>
      {draft !== '' && <UnsentDraft draft={draft} />}
      {failure !== null && (
        <Callout tone="danger" icon="alert" role="alert">
          <p>{failureSentence(failure)}</p>
        </Callout>
      )}
    </PlainScreen>
  );
}

function UnsentDraft({ draft }: { draft: string }) {
  const t = useTranslations('ended');
  const room = useTranslations('room');
  const { state, copy } = useCopy(draft);
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
        <span aria-live="polite">{state === 'copied' ? room('copied') : state === 'failed' ? room('copyFailed') : t('copyDraft')}</span>
      </Button>
    </section>
  );
}
