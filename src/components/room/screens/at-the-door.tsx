'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { FrontLink } from '@/components/site/front-link';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { useCountdown } from '@/hooks/use-countdown';
import type { Knock } from '@/page/room-screen';
import type { ServerClock } from '@/session/server-clock';
import { UnsentDraft } from './unsent-draft';

interface AtTheDoorProps {
  knock: Knock;
  clock: ServerClock;
  draft: string;
  headingId: string;
}

/** How asking to be let in stands. It takes the place of the form, and the page finds out by itself what becomes of it. */
export function AtTheDoor({ knock, clock, draft, headingId }: AtTheDoorProps) {
  // The button that had the focus has gone.
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById(headingId)?.focus({ preventScroll: true });
  }, [headingId, knock.state]);
  return (
    <div>
      {knock.state === 'waiting' ? <Waiting knock={knock} /> : <Refused knock={knock} clock={clock} />}
      <UnsentDraft draft={draft} />
    </div>
  );
}

function Waiting({ knock: { trouble, stop } }: { knock: Extract<Knock, { state: 'waiting' }> }) {
  const t = useTranslations('door');
  return (
    <>
      <Callout icon="clock" title={t('waitingHeading')} role="status">
        <p className="text-soft">{t('waiting')}</p>
        {trouble !== null && (
          <p className="mt-1 text-danger">{t(trouble.reason === 'offline' ? 'waitingOffline' : 'waitingTrouble')}</p>
        )}
      </Callout>
      <Button className="mt-5" onClick={stop}>
        {t('stopWaiting')}
      </Button>
    </>
  );
}

function Refused({
  knock: { againAt, ask },
  clock,
}: {
  knock: Extract<Knock, { state: 'refused' }>;
  clock: ServerClock;
}) {
  const t = useTranslations('door');
  return (
    <>
      <Callout icon="lock" title={t('refusedHeading')} role="status">
        <p className="text-soft">{t(ask === null ? 'refused' : 'refusedForNow')}</p>
      </Callout>
      <div className="mt-5 flex flex-wrap gap-3">
        {againAt !== null && ask !== null && <AskAgain againAt={againAt} clock={clock} onAsk={ask} />}
        <FrontLink>{t('makeOwn')}</FrontLink>
      </div>
    </>
  );
}

/** Says on its face how long one has to wait: nothing reads that out every second. */
function AskAgain({ againAt, clock, onAsk }: { againAt: number; clock: ServerClock; onAsk: () => void }) {
  const t = useTranslations('door');
  const { secondsLeft } = useCountdown(againAt, clock);
  return (
    <Button tone="primary" inert={secondsLeft > 0} onClick={onAsk} className="tabular-nums">
      {secondsLeft > 0 ? t('askAgainIn', { seconds: secondsLeft }) : t('askAgain')}
    </Button>
  );
}
