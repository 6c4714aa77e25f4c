'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { FocusedHeading } from '@/components/ui/focused-heading';
import type { RoomOffer } from '@/domain/content';
import type { RoomLife } from '@/page/room-life';
import type { EndReason } from '@/session/visit';
import { useGoingOver } from '@/hooks/use-new-room';
import { useOpenRoom } from '@/hooks/use-open-room';
import { loadInside } from './load-inside';
import { UnsentDraft } from './unsent-draft';

interface EndedScreenProps {
  reason: EndReason;
  draft: string;
  /** Of a room that is over for everybody; missing where this page never saw it. */
  life?: RoomLife | undefined;
  /** The room in which the talk goes on. */
  offer?: RoomOffer | undefined;
  /** Where there is a way back; it leads past the door for those who have left. */
  joinAgain?: (() => void) | undefined;
}

/** Says what happened in one quiet line, keeps the unsent text, and leads on. */
export function EndedScreen({ reason, draft, life, offer, joinAgain }: EndedScreenProps) {
  const t = useTranslations('ended');
  const failureSentence = useFailureSentence();
  const { opening, failure, openRoom } = useOpenRoom(loadInside);
  const goOver = useGoingOver();
  const { heading, sentence } = useEndWords()(reason, life);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col items-center justify-center px-5 pt-[max(2rem,env(safe-area-inset-top))] pb-[max(2rem,env(safe-area-inset-bottom))] text-center">
      <FocusedHeading className="text-2xl font-medium tracking-tight text-balance outline-none">
        {heading}
      </FocusedHeading>
      {sentence !== null && <p className="mt-3 leading-relaxed text-balance text-soft">{sentence}</p>}
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        {offer !== undefined && (
          <Button tone="primary" className="max-sm:w-full" onClick={() => goOver(offer)}>
            {t('goOver')}
          </Button>
        )}
        {joinAgain !== undefined && (
          <Button tone="primary" onClick={joinAgain}>
            {t(reason === 'left' ? 'comeBack' : 'joinAgain')}
          </Button>
        )}
        <Button
          tone={joinAgain === undefined && offer === undefined ? 'primary' : 'secondary'}
          busy={opening}
          onClick={() => openRoom()}
        >
          {t('make')}
        </Button>
        <FrontLink>{t('home')}</FrontLink>
      </div>
      <div className="mt-6 w-full text-start empty:hidden">
        {failure !== null && (
          <Callout tone="danger" icon="alert" role="alert">
            <p>{failureSentence(failure)}</p>
          </Callout>
        )}
        <UnsentDraft draft={draft} />
      </div>
    </main>
  );
}

/** Where a room is over for everybody, the line is all there is to say. */
function useEndWords() {
  const t = useTranslations('ended');
  return (reason: EndReason, life: RoomLife | undefined): { heading: string; sentence: string | null } => {
    if (reason !== 'expired' && reason !== 'destroyed') return { heading: t(`${reason}Heading`), sentence: t(reason) };
    return {
      heading: life === undefined ? t('overUnseen') : t('over', { ...life }),
      sentence: reason === 'destroyed' ? t('destroyed') : null,
    };
  };
}
