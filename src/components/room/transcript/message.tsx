'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Spinner } from '@/components/ui/spinner';
import { isFewEmoji } from '@/lib/graphemes';
import type { RoomSession } from '@/session/room-session';
import type { MessageEntry } from '@/session/messages/transcript';
import { ClockTime, useClockFormats } from './clock-time';
import { MessageFile } from './files/message-file';
import { MessageWords } from './message-words';
import { QuotedMessage } from './quoted-message';
import { ReactionChips } from './reaction-chips';
import { SeenMarks } from '@/components/room/signals/seen-marks';
import { TakenBack } from './taken-back';

/** Over the lower edge of a message: its exact time, once a pointer rests on it or the focus is there. */
const TIME =
  'pointer-events-none invisible absolute -bottom-3 z-10 rounded-full border border-line bg-surface px-2 text-xs leading-5 ' +
  'whitespace-nowrap text-soft tabular-nums shadow-sm group-hover/bubble:visible group-hover/bubble:[transition:visibility_0s_300ms] ' +
  'group-focus-visible/message:visible';

const ROW =
  'group/message relative flex w-full flex-col gap-1 rounded-2xl focus-visible:outline-2 focus-visible:outline-accent ' +
  'touch-pan-y touch-pinch-zoom data-swiped:before:absolute data-swiped:before:-start-9 data-swiped:before:top-2 data-swiped:before:text-xl ' +
  'data-swiped:before:text-soft data-swiped:before:content-["↩"] data-[swiped=ready]:before:text-accent ' +
  'motion-safe:[transition:background-color_600ms] data-marked:bg-accent-soft forced-colors:data-marked:outline-2';

/** The bubble of a message that speaks to the reader: a stroke of the accent beside it. */
const FOR_YOU =
  'border border-line bg-surface before:absolute before:inset-y-1 before:-start-2 before:w-1 before:rounded-full before:bg-accent ' +
  'forced-colors:before:bg-[Highlight]';

interface MessageProps {
  message: MessageEntry;
  /** Read out before a message that has no name above it. */
  sender: string | null;
  corners: string;
  isListed: boolean;
  session: RoomSession;
  onDone: () => void;
}

/** One message with all that belongs to it, or what is left of it. */
export function Message({ message, sender, corners, isListed, session, onDone }: MessageProps) {
  'use memo';
  const t = useTranslations('transcript');
  const { self, text, state, re, file, edited, reactions } = message;
  const isLarge = text !== null && re === undefined && file === undefined && isFewEmoji(text);
  const ground = self
    ? 'bg-accent-soft forced-colors:border forced-colors:border-[Highlight]'
    : message.forYou !== undefined
      ? FOR_YOU
      : 'border border-line bg-surface';
  const bubble = isLarge
    ? 'py-1 font-emoji text-5xl leading-tight'
    : `rounded-2xl px-3.5 py-2 leading-relaxed ${corners} ${ground}`;
  return (
    <div
      data-key={message.key}
      // The arrow keys lead here, and the actions of a message are at the one that has the focus.
      tabIndex={-1}
      className={`${ROW} ${self ? 'items-end' : 'items-start'}`}
    >
      {message.leaving !== undefined ? (
        <TakenBack message={message} session={session} />
      ) : (
        <>
          <div className="flex max-w-[88%] items-center gap-2 sm:max-w-[80%]">
            {state === 'sending' && <Sending />}
            {state === 'failed' && <Icon name="alert" className="size-5 text-danger" />}
            <div data-bubble className={`group/bubble relative min-w-0 wrap-anywhere whitespace-pre-wrap ${bubble}`}>
              {sender !== null && <span className="sr-only">{sender}: </span>}
              {message.forYou === 'mention' && <span className="sr-only">{t('mentionsYou')} </span>}
              {re !== undefined && <QuotedMessage quote={re} onGo={session.goTo} />}
              {file !== undefined && <MessageFile message={message} file={file} session={session} />}
              {/* Apart from the name, so that the text's own first letter decides in which direction it runs. */}
              {text === null ? (
                <p dir="auto">
                  <em className="text-soft">{t(message.unreadable ?? 'unopened')}</em>
                </p>
              ) : (
                // A file may come without words.
                text !== '' && (
                  <MessageWords message={message} text={text} session={session}>
                    {edited !== undefined && <Edited at={edited} />}
                  </MessageWords>
                )
              )}
              <Times message={message} />
            </div>
          </div>
          {reactions !== undefined && reactions.length > 0 && (
            <ReactionChips message={{ ...message, reactions }} session={session} />
          )}
          {state === 'waiting' && <Waiting />}
          {state === 'failed' && (
            <FailedMessage message={message} isListed={isListed} session={session} onDone={onDone} />
          )}
          <SeenMarks session={session} messageKey={message.key} />
        </>
      )}
    </div>
  );
}

function Sending() {
  const t = useTranslations('transcript');
  return (
    <span className="animate-[appear_160ms_ease-out_600ms_both] text-soft" title={t('sending')}>
      <Spinner className="size-3.5" />
      <span className="sr-only">{t('sending')}</span>
    </span>
  );
}

function Waiting() {
  const t = useTranslations('transcript');
  return (
    <p className="flex items-center gap-1 px-1 text-xs text-soft">
      <Icon name="clock" className="size-3.5" />
      {t('waiting')}
    </p>
  );
}

/** Behind the text: that it is not the first one; when, on hover and for screen readers. */
function Edited({ at }: { at: number }) {
  const t = useTranslations('transcript');
  const { seconds, exact } = useClockFormats();
  return (
    <>
      {' '}
      <small className="ms-2 text-xs text-soft" title={t('editedAt', { time: exact.format(at) })}>
        <span aria-hidden="true">{t('edited')}</span>
        <span className="sr-only">{t('editedAt', { time: seconds.format(at) })}</span>
      </small>
    </>
  );
}

function Times({ message: { timestamp, edited, self } }: Pick<MessageProps, 'message'>) {
  const t = useTranslations('transcript');
  const { seconds } = useClockFormats();
  return (
    <span className={`${TIME} ${self ? 'end-2' : 'start-2'}`}>
      <ClockTime exact timestamp={timestamp} />
      {edited !== undefined && <span aria-hidden="true"> {t('editedBeside', { time: seconds.format(edited) })}</span>}
    </span>
  );
}

/** The text is never lost: it stays here until it is sent, edited or discarded. */
function FailedMessage({ message, isListed, session, onDone }: Omit<MessageProps, 'sender' | 'corners'>) {
  const t = useTranslations('transcript');
  const failureSentence = useFailureSentence();
  function then(act: (id: string) => void) {
    act(message.id);
    onDone();
  }
  return (
    <div className="flex max-w-full flex-col items-end">
      <p role={isListed ? undefined : 'alert'} className="px-1 text-sm text-danger">
        {t('notSent')} {message.failure !== undefined && failureSentence(message.failure)}
      </p>
      <div className="flex flex-wrap justify-end">
        <Button tone="quiet" className="!px-3" onClick={() => then(session.retry)}>
          {t('resend')}
        </Button>
        <Button tone="quiet" className="!px-3" onClick={() => then(session.redraft)}>
          {t('edit')}
        </Button>
        <Button tone="danger-quiet" className="!px-3" onClick={() => then(session.discard)}>
          {t('discard')}
        </Button>
      </div>
    </div>
  );
}
