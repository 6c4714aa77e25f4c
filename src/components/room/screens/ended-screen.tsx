'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { PlainScreen } from '@/components/site/plain-screen';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import type { IconName } from '@/components/ui/icon';
import type { EndReason } from '@/session/visit';
import { useOpenRoom } from '@/hooks/use-open-room';
import { loadInside } from './load-inside';
import { UnsentDraft } from './unsent-draft';

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
  /** Where there is a way back; it leads past the door for those who have left. */
  joinAgain?: (() => void) | undefined;
}

/** Says what happened, and keeps the one thing that is left: the unsent text. */
export function EndedScreen({ reason, draft, joinAgain }: EndedScreenProps) {
  const t = useTranslations('ended');
  const failureSentence = useFailureSentence();
  const { opening, failure, openRoom } = useOpenRoom(loadInside);
  return (
    <PlainScreen
      icon={ICONS[reason]}
      heading={t(`${reason}Heading`)}
      focused
      actions={
        <>
          {joinAgain !== undefined && (
            <Button tone="primary" onClick={joinAgain}>
              {t(reason === 'left' ? 'comeBack' : 'joinAgain')}
            </Button>
          )}
          <Button tone={joinAgain === undefined ? 'primary' : 'secondary'} busy={opening} onClick={() => openRoom()}>
            {t('make')}
          </Button>
          <FrontLink>{t('home')}</FrontLink>
        </>
      }
    >
      <p>{t(reason)}</p>
      <UnsentDraft draft={draft} />
      {failure !== null && (
        <Callout tone="danger" icon="alert" role="alert">
          <p>{failureSentence(failure)}</p>
        </Callout>
      )}
    </PlainScreen>
  );
}
