'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useNameList } from '@/components/room/people/use-name-list';
import { useMembers } from '@/hooks/use-members';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSteering } from '@/hooks/use-steering';
import type { MemberId } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { SteeringCard } from './steering-card';

/** Ten minutes more as they stand proposed: who has agreed, who has not, and one’s own answer. */
export function ProposalCard({ session, onDone }: { session: RoomSession; onDone: () => void }) {
  const t = useTranslations('steering');
  const { proposal, answerExtension } = useSteering(session);
  const busy = useRoomActions(session).pending === 'extend';
  const { you } = useRoomInfo(session);
  const namesOf = useNamesOf(session);
  const isMine = proposal?.by === you.memberId;
  const isOpen = proposal !== null && !proposal.agreed.includes(you.memberId);
  const title = proposal === null ? '' : isMine ? t('proposedSelf') : t('proposed', { name: namesOf([proposal.by]) });
  const agree = { label: t('agree'), isPrimary: true, busy, onAnswer: () => answerExtension(true) };
  const end = {
    label: isMine ? t('withdraw') : t('notNow'),
    busy: busy && isMine,
    onAnswer: () => answerExtension(false),
  };
  return (
    <>
      <p role="status" className="sr-only">
        {isOpen ? `${title}. ${t('answer')}` : title}
      </p>
      {proposal !== null && (
        <SteeringCard icon="clock" title={title} answers={isOpen ? [agree, end] : isMine ? [end] : []} onDone={onDone}>
          <p>
            {t('agreed', { names: namesOf(proposal.agreed) })}{' '}
            {proposal.missing.length > 0 && t('missing', { names: namesOf(proposal.missing) })}
          </p>
        </SteeringCard>
      )}
    </>
  );
}

function useNamesOf(session: RoomSession): (memberIds: readonly MemberId[]) => string {
  const t = useTranslations('steering');
  const label = usePersonLabel();
  const list = useNameList();
  const people = useMembers(session);
  return (memberIds) =>
    list(
      memberIds.map((memberId) => {
        const person = people.find((candidate) => candidate.memberId === memberId);
        return person?.self === true ? t('you') : label(person ?? { name: null, memberId }).inSentence;
      }),
    );
}
