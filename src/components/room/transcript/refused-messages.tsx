'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import type { RoomSession } from '@/session/room-session';
import type { MessagesGroup } from './group-entries';
import { MessageGroup } from './message-group';

interface RefusedMessagesProps {
  refused: readonly MessagesGroup[];
  session: RoomSession;
  onDone: () => void;
}

/** Messages that were refused in a row: one as it is, several as one row that opens. */
export function RefusedMessages({ refused, session, onDone }: RefusedMessagesProps) {
  'use memo';
  const t = useTranslations('transcript');
  const [isOpen, setIsOpen] = useState(false);
  const isRow = refused.length > 1;
  const ids = refused.map(({ first }) => first.id);
  return (
    // A message that somebody is about to send again stays in sight when the next one is refused.
    <div onFocus={isRow ? undefined : () => setIsOpen(true)}>
      <p role="status" className="sr-only">
        {isRow && t('countNotSent', { count: refused.length })}
      </p>
      <ol>
        {isRow && (
          <Row
            key="row"
            count={refused.length}
            isOpen={isOpen}
            onToggle={() => setIsOpen(!isOpen)}
            onSend={() => {
              ids.forEach(session.retry);
              onDone();
            }}
            onDiscard={() => {
              ids.forEach(session.discard);
              onDone();
            }}
          />
        )}
        {(isOpen || !isRow) &&
          refused.map((group) => (
            <MessageGroup key={group.key} group={group} isListed={isRow} session={session} onDone={onDone} />
          ))}
      </ol>
    </div>
  );
}

interface RowProps {
  count: number;
  isOpen: boolean;
  onToggle: () => void;
  onSend: () => void;
  onDiscard: () => void;
}

function Row({ count, isOpen, onToggle, onSend, onDiscard }: RowProps) {
  const t = useTranslations('transcript');
  const countId = useId();
  return (
    <li className="flex justify-end pt-2">
      <div role="group" aria-labelledby={countId} className="flex flex-wrap items-center justify-end">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className="inline-flex min-h-11 items-center gap-1.5 rounded-xl px-3 text-sm font-medium text-danger hover:bg-danger-soft"
        >
          <Icon name="alert" className="size-4.5" />
          <span id={countId}>{t('countNotSent', { count })}</span>
          <Icon name="chevron" className={`size-4.5 ${isOpen ? 'rotate-180' : ''}`} />
        </button>
        <Button tone="quiet" className="!px-3" onClick={onSend}>
          {t('sendAll')}
        </Button>
        <Button tone="danger-quiet" className="!px-3" onClick={onDiscard}>
          {t('discardAll')}
        </Button>
      </div>
    </li>
  );
}
