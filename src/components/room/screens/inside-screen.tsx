'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useMediaQuery } from '@/components/ui/use-media-query';
import { useVisibleHeight } from '@/components/ui/use-visible-height';
import type { RoomSession } from '@/session/room-session';
import { useAttentionParts } from '@/components/room/attention/use-attention-parts';
import { Composer } from '@/components/room/composer/composer';
import { useTyping } from '@/components/room/composer/use-typing';
import { TypingLine } from '@/components/room/signals/typing-line';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import { useRoomName } from '@/components/room/use-room-name';
import { useRoomParts } from '@/components/room/use-room-parts';
import { HeaderSkeleton, TranscriptSkeleton } from './room-skeleton';
import { useDissolve } from './use-dissolve';

/** Wide enough to show the people beside the transcript. */
const WIDE = '(min-width: 64rem)';

interface InsideScreenProps {
  session: RoomSession;
  /** The browser does not store this member’s keys. */
  hasFleetingKeys: boolean;
}

export function InsideScreen({ session, hasFleetingKeys }: InsideScreenProps) {
  const room = useTranslations('room');
  const people = useTranslations('people');
  const name = useRoomName(session.roomId);
  const screen = useRef<HTMLDivElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const wide = useMediaQuery(WIDE);
  // Until the reader chooses: shown where there is room for it, hidden where there is not.
  const [peopleChosen, setPeopleChosen] = useState<boolean | null>(null);
  const peopleShown = peopleChosen ?? wide;
  const parts = useRoomParts();
  const attention = useAttentionParts();
  useVisibleHeight();
  const [helpShown, setHelpShown] = useState(false);
  const showHelp = () => setHelpShown(true);
  const dialogs = useRoomDialogs(helpShown);
  useTyping(composer, showHelp);
  useDissolve(session, screen);
  useEffect(() => composer.current?.focus({ preventScroll: true }), []);
  const focusComposer = () => composer.current?.focus({ preventScroll: true });

  return (
    <div ref={screen} className="flex h-visible overflow-hidden">
      {attention !== null && <attention.Attention session={session} />}
      <div className="flex min-w-0 flex-1 flex-col">
        {parts === null ? (
          <HeaderSkeleton />
        ) : (
          <parts.RoomHeader
            session={session}
            peopleShown={peopleShown}
            onPeople={() => setPeopleChosen(!peopleShown)}
            onHelp={showHelp}
          />
        )}
        <main className="relative flex min-h-0 flex-1 flex-col">
          <h1 className="sr-only">{room('heading', { name })}</h1>
          {parts !== null && <parts.ConnectionNote session={session} />}
          {parts === null ? <TranscriptSkeleton /> : <parts.Transcript session={session} onDone={focusComposer} />}
          <TypingLine session={session} />
          <div className="beside-scrollbar">
            {dialogs !== null && <dialogs.LastWords session={session} onDone={focusComposer} />}
            {parts !== null && (
              <parts.Notes session={session} hasFleetingKeys={hasFleetingKeys} onDone={focusComposer} />
            )}
            <Composer session={session} field={composer} onHelp={showHelp} />
          </div>
        </main>
      </div>
      {wide && peopleShown && (
        <aside
          aria-label={people('heading')}
          className="w-72 shrink-0 overflow-y-auto border-s border-line px-4 py-5 pe-[max(1rem,env(safe-area-inset-right))]"
        >
          <h2 className="px-2 font-semibold tracking-tight">{people('heading')}</h2>
          {parts !== null && <parts.PeoplePanel session={session} />}
        </aside>
      )}
      {dialogs !== null && <dialogs.HelpDialog open={helpShown} onClose={() => setHelpShown(false)} />}
      {parts !== null && (
        <parts.PeopleSheet session={session} open={!wide && peopleShown} onClose={() => setPeopleChosen(false)} />
      )}
    </div>
  );
}
