'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from '@/components/ui/dialog';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useClockFormats } from '@/components/room/transcript/clock-time';
import type { MessageEntry } from '@/session/messages/transcript';
import type { Acts } from './acts';
import { EmojiPicker } from './emoji-picker';
import { Floating } from './floating';
import { MessageMenu, type MenuHandlers } from './message-menu';

/** A menu or a picker that stands open at a message. */
export interface Opened {
  readonly view: 'menu' | 'picker';
  readonly host: HTMLElement;
  /** What it stands beside. */
  readonly anchor: Element;
  /** `touch` gets a sheet; `key` gets the focus back. */
  readonly by: 'bar' | 'key' | 'touch';
}

interface OpenedActionsProps extends Omit<MenuHandlers, 'onSelect'> {
  opened: Opened;
  message: MessageEntry;
  acts: Acts;
  onClose: () => void;
  onSelect: () => void;
}

export function OpenedActions({ opened, message, acts, onClose, onSelect, ...on }: OpenedActionsProps) {
  const t = useTranslations('message');
  const you = useTranslations('transcript')('you');
  const label = usePersonLabel();
  const { seconds } = useClockFormats();
  // No date: a room lasts an hour at most.
  const time = seconds.format(message.timestamp);
  const name = message.self ? you : label(message).inSentence;
  const title = message.self ? t('menuOwn', { time }) : t('menu', { name, time });
  const isSheet = opened.by === 'touch';
  const content =
    opened.view === 'picker' ? (
      <EmojiPicker onPick={on.onReact} />
    ) : (
      <MessageMenu message={message} acts={acts} label={title} {...on} {...(isSheet && { onSelect })} />
    );
  if (isSheet) {
    return (
      <Dialog
        open
        placement="sheet"
        title={opened.view === 'picker' ? t('pick') : t('sheet', { name, time })}
        closeLabel={t('close')}
        onClose={onClose}
      >
        {content}
      </Dialog>
    );
  }
  return (
    <Floating key={opened.view} anchor={opened.anchor} isAtEnd={message.self} onClose={onClose}>
      {content}
    </Floating>
  );
}
