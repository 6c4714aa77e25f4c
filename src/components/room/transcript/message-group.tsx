'use client';

import { useTranslations } from 'next-intl';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Spinner } from '@/components/ui/spinner';
import type { RoomSession } from '@/session/room-session';
import type { MessageEntry } from '@/session/messages/transcript';
import { ClockTime } from './clock-time';
import type { MessagesGroup } from './group-entries';
import { LinkedText } from './linked-text';
import { QuotedMessage } from './quoted-message';
import { ReactionChips } from './reaction-chips';
import { usePersonLabel } from '@/components/room/people/person-label';
import { PersonName } from '@/components/room/people/person-name';
import { Unverified } from '@/components/room/people/unverified';

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
  return (
    <li
      data-tint={tint}
      className={`flex flex-col gap-1 ${isContinued ? 'pt-1' : 'pt-4'} ${self ? 'items-end' : 'items-start'}`}
    >
      {!isContinued && (
        <p className="flex max-w-full items-baseline gap-2 px-1 text-sm">
          {self ? (
            <span className="font-medium text-(--tint)">{sender}</span>
          ) : (
            <PersonName person={group.first} className="text-(--tint)" />
          )}
          {unverified && <Unverified />}
          <ClockTime timestamp={timestamp} className="text-xs whitespace-nowrap text-soft" />
        </p>
      )}
      {group.messages.map((message, index) => (
        <Message
          key={message.key}
          message={message}
          sender={index === 0 && !isContinued ? null : sender}
          isListed={isListed}
          session={session}
          onDone={onDone}
        />
      ))}
    </li>
  );
}

interface MessageProps {
  message: MessageEntry;
  /** Read out before a message that has no name above it, because it is announced alone. */
  sender: string | null;
  isListed: boolean;
  session: RoomSession;
  onDone: () => void;
}

function Message({ message, sender, isListed, session, onDone }: MessageProps) {
  'use memo';
  const t = useTranslations('transcript');
  const { self, text, state } = message;
  const ground = self ? 'bg-accent-soft' : 'border border-line bg-surface';
  return (
    <div data-key={message.key} className={`flex w-full flex-col gap-1 ${self ? 'items-end' : 'items-start'}`}>
      <div className="flex max-w-[88%] items-center gap-2 sm:max-w-[80%]">
        {state === 'sending' && (
          <span className="animate-[appear_160ms_ease-out_600ms_both] text-soft" title={t('sending')}>
            <Spinner className="size-3.5" />
            <span className="sr-only">{t('sending')}</span>
          </span>
        )}
        {state === 'failed' && <Icon name="alert" className="size-5 text-danger" />}
        <div className={`min-w-0 rounded-2xl px-3.5 py-2 leading-relaxed wrap-anywhere whitespace-pre-wrap ${ground}`}>
          {sender !== null && <span className="sr-only">{sender}: </span>}
          {message.re !== undefined && <QuotedMessage quote={message.re} />}
          {/* Apart from the name, so that the text's own first letter decides in which direction it runs. */}
          <p dir="auto">
            {text === null ? (
              <em className="text-soft">{t(message.unreadable ?? 'unopened')}</em>
            ) : (
              <LinkedText text={text} />
            )}
            {message.edited && (
              <>
                {' '}
                <small className="ms-2 text-xs text-soft">{t('edited')}</small>
              </>
            )}
          </p>
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
    </div>
  );
}

/** The text is never lost: it stays here until it is sent, edited or discarded. */
function FailedMessage({ message, isListed, session, onDone }: Omit<MessageProps, 'sender'>) {
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
