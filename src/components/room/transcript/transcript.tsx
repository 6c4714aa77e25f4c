'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import type { RoomSession } from '@/session/room-session';
import type { OlderPages } from '@/session/messages/transcript';
import { useDestination } from '@/hooks/use-destination';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useTranscript } from '@/hooks/use-transcript';
import { useSeenMarks } from '@/hooks/use-signals';
import { useUnread } from '@/hooks/use-unread';
import { EmptyRoom } from '@/components/room/invite/empty-room';
import { TranscriptSkeleton } from '@/components/room/screens/room-skeleton';
import { Toasts } from '@/components/room/toast/toasts';
import { ClearedLine } from './cleared-line';
import { TranscriptBlocks } from './transcript-blocks';
import { Arrivals } from './arrivals';
import { Viewing } from './files/viewing';
import { useSourceCopied } from './copy-source';
import { GoingNote } from './going-note';
import { moveAmongMessages, useOpenParts } from './move-among-messages';
import { useMessageParts } from './actions/use-message-parts';
import { useSendingParts } from '@/components/room/sending/use-sending-parts';
import { useArriving } from './use-arriving';
import { useFocusPassedOn } from './use-focus-passed-on';
import { usePlace } from './use-place';
import { useRising } from './use-rising';
import { lastMinuteIn, LastMinute, Waning } from './waning';

interface TranscriptProps {
  session: RoomSession;
  /** An entry was removed together with its controls: something else must take the focus. */
  onDone: () => void;
}

export function Transcript({ session, onDone }: TranscriptProps) {
  const t = useTranslations('transcript');
  const { retry, readOlder, ...transcript } = useTranscript(session);
  const { state, older, entries, cleared = false } = transcript;
  const { line, setAtEnd } = useUnread(session);
  const { scroller, content, missed, onScroll, toEnd, show } = usePlace(entries, line, older, useSeenMarks(session), {
    onNearStart: () => {
      if (older === 'more') readOlder();
    },
    onAtEnd: setAtEnd,
  });
  useRising(content, transcript);
  const destination = useDestination(session);
  useArriving(content, destination, show, session.stay);
  const parts = useMessageParts();
  const sending = useSendingParts();
  const openParts = useOpenParts();
  useSourceCopied();
  const lastMinute = lastMinuteIn(entries, useRoomInfo(session).room.expiresAt);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col [container-type:size]">
      <div
        ref={scroller}
        role="log"
        // Blocks come and go as one scrolls: what arrives is read out by a region of its own.
        aria-live="off"
        aria-label={t('label')}
        aria-busy={state === 'loading'}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={moveAmongMessages}
        onFocus={openParts}
        className="relative flex-1 overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none] [scrollbar-gutter:stable] focus-visible:-outline-offset-2"
      >
        <div className="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end px-4 py-4">
          {state === 'loading' && <TranscriptSkeleton />}
          {state === 'failed' && <HistoryFailure onRetry={retry} />}
          {cleared && <ClearedLine onShow={session.showAgain} />}
          {older !== 'none' && <EarlierMessages state={older} onPress={readOlder} />}
          {state === 'ready' && older === 'none' && !cleared && <EmptyRoom session={session} entries={entries} />}
          {lastMinute > -Infinity && <Waning session={session} list={content} />}
          <LastMinute value={lastMinute}>
            <Viewing session={session}>
              <TranscriptBlocks
                ref={content}
                entries={entries}
                newKey={line}
                wantedKey={destination?.state === 'there' ? destination.key : null}
                session={session}
                onDone={onDone}
              >
                {sending !== null && <sending.Uploads session={session} onDone={onDone} />}
              </TranscriptBlocks>
            </Viewing>
          </LastMinute>
        </div>
      </div>
      <Toasts session={session} onDone={onDone} />
      {parts !== null && (
        <parts.MessageActions session={session} scroller={scroller} entries={entries} onDone={onDone} />
      )}
      <p role="status" className="sr-only">
        {entries.some((entry) => entry.kind === 'message' && entry.leaving === 'undoable') && t('takenBackSpoken')}
      </p>
      <GoingNote destination={destination} onStay={session.stay} />
      <Arrivals session={session} transcript={transcript} />
      {missed !== null && (
        <NewMessagesButton
          count={missed}
          onPress={(byKey) => {
            toEnd();
            // The button had the focus and is removed with it.
            if (byKey) scroller.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </div>
  );
}

function HistoryFailure({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations('transcript');
  return (
    <Callout
      tone="danger"
      icon="alert"
      role="alert"
      action={
        <Button tone="quiet" onClick={onRetry}>
          {t('retry')}
        </Button>
      }
    >
      <p>{t('failed')}</p>
    </Callout>
  );
}

interface EarlierMessagesProps {
  state: Exclude<OlderPages, 'none'>;
  onPress: () => void;
}

/** At the top, while there are messages before those that are shown. */
function EarlierMessages({ state, onPress }: EarlierMessagesProps) {
  const t = useTranslations('transcript');
  const element = useFocusPassedOn();
  const [hasFailed, setHasFailed] = useState(false);
  // Trying again is no news: until that works, what was announced stays as it is.
  if (state !== 'loading' && hasFailed !== (state === 'failed')) setHasFailed(!hasFailed);
  return (
    <div ref={element} className="flex flex-col items-center pb-4">
      <p role="status" className="text-sm text-danger">
        {hasFailed && t('earlierFailed')}
      </p>
      <Button tone="quiet" busy={state === 'loading'} onClick={onPress}>
        {t(state === 'loading' ? 'loadingEarlier' : state === 'failed' ? 'retry' : 'showEarlier')}
      </Button>
    </div>
  );
}

interface NewMessagesButtonProps {
  count: number;
  onPress: (byKey: boolean) => void;
}

/** Over the end of the transcript, for a reader who has scrolled away from it. */
function NewMessagesButton({ count, onPress }: NewMessagesButtonProps) {
  const t = useTranslations('transcript');
  return (
    // Where notes leave hardly any room to the list, the button would lie over the header.
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center [@container_(height<5rem)]:hidden">
      <Button
        icon={ROOM_ICONS.arrowDown}
        className="pointer-events-auto animate-appear !rounded-full shadow-float"
        // Somebody who is writing goes on writing, and a phone keeps its keyboard open.
        onPointerDown={(event) => event.preventDefault()}
        onClick={(event) => onPress(event.detail === 0)}
      >
        {t('newMessages', { count })}
      </Button>
    </div>
  );
}
