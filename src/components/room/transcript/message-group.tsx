'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Spinner } from '@/components/ui/spinner';
import { isFewEmoji } from '@/lib/graphemes';
import type { RoomSession } from '@/session/room-session';
import type { MessageEntry } from '@/session/messages/transcript';
import { ClockTime } from './clock-time';
import type { MessagesGroup } from './group-entries';
import { MessageText } from './message-text';
import { PauseTime } from './pause-time';
import { QuotedMessage } from './quoted-message';
import { SeenMarks } from '@/components/room/signals/seen-marks';
import { ReactionChips } from './reaction-chips';
import { Avatar } from '@/components/room/people/avatar';
import { useIsElder } from './waning';
import { usePersonLabel } from '@/components/room/people/person-label';
import { PersonName } from '@/components/room/people/person-name';
import { Unverified } from '@/components/room/people/unverified';

/** Over the lower edge of a message: its exact time, once a pointer rests on it, the focus is there, or a finger stays on it. */
const TIME =
  'pointer-events-none invisible absolute -bottom-3 z-10 rounded-full border border-line bg-surface px-2 text-xs leading-5 ' +
  'whitespace-nowrap text-soft tabular-nums shadow-sm group-hover/bubble:visible group-hover/bubble:[transition:visibility_0s_300ms] ' +
  'group-focus-visible/message:visible group-data-held/message:visible';

interface MessageGroupProps {
  group: MessagesGroup;
  /** The name stands above an earlier group already. */
  isContinued?: boolean;
  /** One of several that were refused: a row above speaks for all of them. */
  isListed?: boolean;
  session: RoomSession;
  onDone: () => void;
}

export function MessageGroup({ group, isContinued = false, isListed = false, session, onDone }: MessageGroupProps) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const { self, tint, timestamp, unverified } = group.first;
  const sender = self ? t('you') : label(group.first).inSentence;
  const isElder = useIsElder(timestamp);
  const isNamed = !self && !isContinued;
  return (
    <li
      data-tint={tint}
      data-elder={isElder || undefined}
      className={`relative flex flex-col ${self ? 'items-end' : 'items-start sm:ps-11'}`}
    >
      {group.isAfterPause && <PauseTime timestamp={timestamp} />}
      {isNamed && (
        <div className="flex max-w-full items-center gap-3 px-1 pt-3 pb-1 text-sm">
          <span className="-ms-12 hidden sm:block">
            <Avatar person={group.first} size="small" />
          </span>
          <PersonName person={group.first} className="text-(--tint)" />
          {unverified && <Unverified />}
        </div>
      )}
      <div className={`flex w-full flex-col gap-0.5 ${isNamed ? '' : isContinued ? 'pt-0.5' : 'pt-3'}`}>
        {group.messages.map((message, index) => (
          <Message
            key={message.key}
            message={message}
            sender={index === 0 && isNamed ? null : sender}
            isListed={isListed}
            corners={cornersOf(self, index > 0 || isContinued, index < group.messages.length - 1)}
            session={session}
            onDone={onDone}
          />
        ))}
      </div>
    </li>
  );
}

/** On the side of the sender, the corners towards another message of the group are tight. */
function cornersOf(self: boolean, isAfter: boolean, isBefore: boolean): string {
  const top = isAfter ? (self ? 'rounded-se-md' : 'rounded-ss-md') : '';
  const bottom = isBefore ? (self ? 'rounded-ee-md' : 'rounded-es-md') : '';
  return `${top} ${bottom}`;
}

interface MessageProps {
  message: MessageEntry;
  /** Read out before a message that has no name above it. */
  sender: string | null;
  corners: string;
  isListed: boolean;
  session: RoomSession;
  onDone: () => void;
}

function Message({ message, sender, corners, isListed, session, onDone }: MessageProps) {
  'use memo';
  const t = useTranslations('transcript');
  const { self, text, state, re } = message;
  const isLarge = text !== null && re === undefined && isFewEmoji(text);
  const ground = self
    ? 'bg-accent-soft forced-colors:border forced-colors:border-[Highlight]'
    : 'border border-line bg-surface';
  const bubble = isLarge
    ? 'py-1 font-[Apple_Color_Emoji,Segoe_UI_Emoji,Noto_Color_Emoji,sans-serif] text-5xl leading-tight'
    : `rounded-2xl px-3.5 py-2 leading-relaxed ${corners} ${ground}`;
  return (
    <div
      data-key={message.key}
      // The arrow keys lead here, so that the time can be had without a pointer.
      tabIndex={-1}
      className={`group/message flex data-marked:bg-accent-soft motion-safe:[transition:background-color_600ms] forced-colors:data-marked:outline-2 w-full flex-col gap-1 rounded-2xl focus-visible:outline-2 focus-visible:outline-accent ${self ? 'items-end' : 'items-start'}`}
    >
      <div className="flex max-w-[88%] items-center gap-2 sm:max-w-[80%]">
        {state === 'sending' && (
          <span className="animate-[appear_160ms_ease-out_600ms_both] text-soft" title={t('sending')}>
            <Spinner className="size-3.5" />
            <span className="sr-only">{t('sending')}</span>
          </span>
        )}
        {state === 'failed' && <Icon name="alert" className="size-5 text-danger" />}
        <div className={`group/bubble relative min-w-0 wrap-anywhere whitespace-pre-wrap ${bubble}`}>
          {sender !== null && <span className="sr-only">{sender}: </span>}
          {re !== undefined && <QuotedMessage quote={re} onGo={session.goTo} />}
          {/* Apart from the name, so that the text's own first letter decides in which direction it runs. */}
          {text === null ? (
            <p dir="auto">
              <em className="text-soft">{t(message.unreadable ?? 'unopened')}</em>
            </p>
          ) : (
            <MessageText text={text}>
              {message.edited && (
                <>
                  {' '}
                  <small className="ms-2 text-xs text-soft">{t('edited')}</small>
                </>
              )}
            </MessageText>
          )}
          <ClockTime exact timestamp={message.timestamp} className={`${TIME} ${self ? 'end-2' : 'start-2'}`} />
        </div>
      </div>
      {message.reactions !== undefined && <ReactionChips reactions={message.reactions} />}
      {state === 'waiting' && (
        <p className="flex items-center gap-1 px-1 text-xs text-soft">
          <Icon name="clock" className="size-3.5" />
          {t('waiting')}
        </p>
      )}
      {state === 'failed' && <FailedMessage message={message} isListed={isListed} session={session} onDone={onDone} />}
      <SeenMarks session={session} messageKey={message.key} />
    </div>
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
