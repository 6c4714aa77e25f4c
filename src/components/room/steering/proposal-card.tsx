'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
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
  const { pending } = useRoomActions(session);
  const { you } = useRoomInfo(session);
  const namesOf = useNamesOf(session);
  const isBusy = pending === 'extend';
  const isMine = proposal?.by === you.memberId;
  const isOpen = proposal !== null && !proposal.agreed.includes(you.memberId);
  const title = proposal === null ? '' : isMine ? t('proposedSelf') : t('proposed', { name: namesOf([proposal.by]) });
  return (
    <>
      <p role="status" className="sr-only">
        {isOpen ? `${title}. ${t('answer')}` : title}
      </p>
      {proposal !== null && (
        <SteeringCard
          icon="clock"
          title={title}
          onDone={onDone}
          answers={
            isOpen
              ? (answered) => (
                  <>
                    <Button
                      tone="primary"
                      busy={isBusy}
                      onClick={() => {
                        answerExtension(true);
                        answered();
                      }}
                    >
                      {t('agree')}
                    </Button>
                    <Button
                      onClick={() => {
                        answerExtension(false);
                        answered();
                      }}
                    >
                      {t('notNow')}
                    </Button>
                  </>
                )
              : isMine
                ? (answered) => (
                    <Button
                      busy={isBusy}
                      onClick={() => {
                        answerExtension(false);
                        answered();
                      }}
                    >
                      {t('withdraw')}
                    </Button>
                  )
                : undefined
          }
        >
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
