'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Icon } from '@/components/ui/icon';
import type { RoomSession } from '@/session/room-session';
import type { NoticeEntry, OlderPages } from '@/session/messages/transcript';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useTranscript } from '@/hooks/use-transcript';
import { ClockTime } from './clock-time';
import { groupEntries } from './group-entries';
import { MessageGroup } from './message-group';
import { usePersonLabel } from '@/components/room/people/person-label';
import { InviteButtons } from '@/components/room/header/room-link';
import { TranscriptSkeleton } from '@/components/room/screens/room-skeleton';
import { useFollowScroll } from './use-follow-scroll';

interface TranscriptProps {
  session: RoomSession;
  /** An entry was removed together with its controls: something else must take the focus. */
  onDone: () => void;
}

export function Transcript({ session, onDone }: TranscriptProps) {
  'use memo';
  const t = useTranslations('transcript');
  const { state, older, entries, retry, readOlder } = useTranscript(session);
  const { scroller, content, missed, onScroll, toEnd } = useFollowScroll(entries);
  const said = entries.some((entry) => entry.kind === 'message');

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        // A new name changes on every message of its member, but is announced once, by its notice.
        aria-relevant="additions"
        aria-label={t('label')}
        aria-busy={state === 'loading'}
        tabIndex={0}
        onScroll={onScroll}
        className="flex-1 overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end px-4 py-4">
          {state === 'loading' && <TranscriptSkeleton />}
          {state === 'failed' && <HistoryFailure onRetry={retry} />}
          {older !== 'none' && <EarlierMessages state={older} onPress={readOlder} />}
          {state === 'ready' && older === 'none' && !said && <Empty session={session} />}
          <ol className="space-y-4">
            {groupEntries(entries).map((group) =>
              group.kind === 'notice' ? (
                <Notice key={group.key} entry={group.entry} />
              ) : (
                <MessageGroup key={group.key} group={group} session={session} onDone={onDone} />
              ),
            )}
          </ol>
        </div>
      </div>
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
  const isLoading = state === 'loading';
  return (
    <div className="flex flex-col items-center pb-4">
      {state === 'failed' && (
        <p role="status" className="text-sm text-danger">
          {t('earlierFailed')}
        </p>
      )}
      <Button tone="quiet" busy={isLoading} onClick={onPress}>
        {t(isLoading ? 'loadingEarlier' : state === 'failed' ? 'retry' : 'showEarlier')}
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
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button
        icon="arrowDown"
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

function Empty({ session }: { session: RoomSession }) {
  const t = useTranslations('transcript');
  const { members, locked } = useRoomInfo(session).room;
  const alone = members < 2;
  return (
    <div className="m-auto flex flex-col items-center gap-4 py-10 text-center">
      <div>
        <h2 className="text-xl font-semibold tracking-tight">{t('emptyHeading')}</h2>
        <p className="mt-1 text-soft">{!alone ? t('empty') : locked ? t('locked') : t('emptyAlone')}</p>
      </div>
      {alone && !locked && <InviteButtons session={session} />}
    </div>
  );
}

function useNoticeSentence(): (entry: NoticeEntry) => string {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  return (entry) => {
    const { notice, memberId, otherId = memberId, self, newName = null, newMark } = entry;
    const name = label(entry).inSentence;
    const other = label({ name: newName, mark: newMark, memberId: otherId }).inSentence;
    switch (notice) {
      case 'locked':
      case 'unlocked':
      case 'waited':
        return t(notice);
      case 'renamed':
        return t(newName === null ? 'renamed-unreadable' : notice, { name, newName: other });
      case 'other-name':
        return t(notice, { name, newName: other });
      case 'owner-took-back':
        return t(self ? `${notice}Self` : notice, { name, newName: other });
      default:
        return t(self ? `${notice}Self` : notice, { name });
    }
  };
}

function Notice({ entry }: { entry: NoticeEntry }) {
  'use memo';
  const sentence = useNoticeSentence();
  const lock = entry.notice === 'locked' || entry.notice === 'unlocked';
  return (
    <li className="text-center text-sm text-balance wrap-anywhere text-soft">
      {lock && (
        <Icon name={entry.notice === 'locked' ? 'lock' : 'unlock'} className="mr-1 inline size-3.5 align-[-0.125em]" />
      )}
      {sentence(entry)}
      <ClockTime timestamp={entry.timestamp} className="ml-2 text-xs whitespace-nowrap" />
    </li>
  );
}
