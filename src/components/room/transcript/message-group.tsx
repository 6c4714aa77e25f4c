'use client';

import { useTranslations } from 'next-intl';
import type { RoomSession } from '@/session/room-session';
import type { MessagesGroup } from './group-entries';
import { Message } from './message';
import { PauseTime } from './pause-time';
import { Avatar } from '@/components/room/people/avatar';
import { useIsElder } from './waning';
import { usePersonLabel } from '@/components/room/people/person-label';
import { PersonName } from '@/components/room/people/person-name';
import { Unverified } from '@/components/room/people/unverified';

interface MessageGroupProps {
  group: MessagesGroup;
  /** One of several that were refused: a row above speaks for all of them. */
  isListed?: boolean;
  session: RoomSession;
  onDone: () => void;
}

export function MessageGroup({ group, isListed = false, session, onDone }: MessageGroupProps) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const { self, tint, timestamp, unverified } = group.first;
  const sender = self ? t('you') : label(group.first).inSentence;
  const isElder = useIsElder(timestamp);
  const isContinued = isListed || group.isContinued;
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
