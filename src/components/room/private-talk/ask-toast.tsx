'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { useNameOf } from '@/hooks/use-private-talk';
import type { Ask, AskState } from '@/session/private-talk/private-talk';
import type { RoomSession } from '@/session/room-session';
import { TalkRoomLink } from './talk-room-link';
import { TalkToast } from './talk-toast';

interface AskToastProps {
  session: RoomSession;
  ask: Ask;
  isSealed: boolean;
  onEnter: () => void;
  onDismiss: () => void;
}

const SENTENCES = {
  waiting: 'waiting',
  opened: 'opened',
  declined: 'declined',
  away: 'away',
  'no-answer': 'noAnswer',
  left: 'left',
  unverified: 'unverified',
  failed: 'failed',
} as const satisfies Record<AskState, string>;

/** What became of asking somebody for a private talk. */
export function AskToast({ session, ask, isSealed, onEnter, onDismiss }: AskToastProps) {
  const t = useTranslations('privateTalk');
  const label = usePersonLabel();
  const failureSentence = useFailureSentence();
  const { to, state, path, failure } = ask;
  const name = label(useNameOf(session, to)).inSentence;
  const isWaiting = state === 'waiting';
  const hint = failure !== null ? failureSentence(failure) : isSealed || !isWaiting ? null : t('plainHint');
  return (
    <TalkToast
      icon={isWaiting ? 'clock' : state === 'opened' ? 'lock' : 'alert'}
      sentence={t(SENTENCES[state], { name })}
      hint={isWaiting && isSealed ? t('waitingHint') : hint}
    >
      <Button onClick={onDismiss}>{isWaiting ? t('cancel') : t('dismiss')}</Button>
      {path !== null && (
        <TalkRoomLink path={path} onFollow={onEnter}>
          {t('goThere')}
        </TalkRoomLink>
      )}
    </TalkToast>
  );
}
