'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Icon, type Drawn, type IconName } from '@/components/ui/icon';
import type { MessageEntry } from '@/session/messages/transcript';
import type { Acts } from './acts';
import { moveInGrid } from './move-in-grid';

/** What people answer with most. */
const QUICK_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const ITEMS = '[role^="menuitem"]';

export interface MenuHandlers {
  readonly onReact: (emoji: string) => void;
  readonly onReply: () => void;
  readonly onPick: () => void;
  /** Whether it was copied. */
  readonly onCopy: (withName: boolean) => Promise<boolean>;
  /** Of a message with a file. */
  readonly onSave?: (() => void) | undefined;
  readonly onEdit: () => void;
  readonly onTakeBack: () => void;
  /** Where a long press does not select. */
  readonly onSelect?: () => void;
}

interface MessageMenuProps extends MenuHandlers {
  message: MessageEntry;
  acts: Acts;
  label: string;
}

/** All that can be done with a message, six quick reactions first. */
export function MessageMenu({ message, acts, label, ...on }: MessageMenuProps) {
  const t = useTranslations('message');
  const files = useTranslations('files.received');
  const [hasFailed, setHasFailed] = useState(false);
  const copy = (withName: boolean) => void on.onCopy(withName).then((isCopied) => setHasFailed(!isCopied));
  const items: readonly (false | { icon: IconName | Drawn; label: string; isDanger?: true; onChoose: () => void })[] = [
    acts.mayAnswer && { icon: ROOM_ICONS.reply, label: t('reply'), onChoose: on.onReply },
    acts.mayAnswer && { icon: ROOM_ICONS.smile, label: t('reactMore'), onChoose: on.onPick },
    acts.mayCopy && { icon: 'copy', label: t('copy'), onChoose: () => copy(false) },
    acts.mayCopy && { icon: 'copy', label: t('copyWith'), onChoose: () => copy(true) },
    acts.mayCopy &&
      on.onSelect !== undefined && { icon: ROOM_ICONS.select, label: t('selectText'), onChoose: on.onSelect },
    on.onSave !== undefined && { icon: ROOM_ICONS.download, label: files('saveAction'), onChoose: on.onSave },
    acts.mayEdit && { icon: ROOM_ICONS.pencil, label: t('edit'), onChoose: on.onEdit },
    acts.mayTakeBack && { icon: ROOM_ICONS.trash, label: t('takeBack'), isDanger: true, onChoose: on.onTakeBack },
  ];
  const shown = items.filter((item) => item !== false);
  return (
    <div
      role="menu"
      aria-label={label}
      onKeyDown={(event) => moveInGrid(event, ITEMS)}
      className="min-w-[min(14rem,100vw-4rem)]"
    >
      {acts.mayAnswer && <QuickReactions message={message} onReact={on.onReact} />}
      {shown.map((item, index) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={index === 0 && !acts.mayAnswer ? 0 : -1}
          data-first-focus={index === 0 && !acts.mayAnswer ? '' : undefined}
          onClick={item.onChoose}
          className={`flex min-h-11 w-full items-center gap-3 rounded-xl px-3 text-start text-[0.9375rem] font-medium forced-colors:border-0 ${item.isDanger ? 'text-danger hover:bg-danger-soft' : 'hover:bg-sunken'}`}
        >
          <Icon name={item.icon} />
          {item.label}
        </button>
      ))}
      <p role="status" className="px-3 text-sm text-danger empty:hidden">
        {hasFailed && t('copyFailed')}
      </p>
    </div>
  );
}

function QuickReactions({ message, onReact }: Pick<MessageMenuProps, 'message' | 'onReact'>) {
  const t = useTranslations('message');
  const mine = new Set(message.reactions?.filter((reaction) => reaction.mine).map(({ emoji }) => emoji));
  return (
    <div role="group" aria-label={t('react')} className="mb-1 flex flex-wrap justify-between border-b border-line pb-1">
      {QUICK_REACTIONS.map((emoji, index) => (
        <button
          key={emoji}
          type="button"
          role="menuitemcheckbox"
          aria-checked={mine.has(emoji)}
          aria-label={t('reactWith', { emoji })}
          tabIndex={index === 0 ? 0 : -1}
          data-first-focus={index === 0 ? '' : undefined}
          onClick={() => onReact(emoji)}
          className="size-11 rounded-xl font-emoji text-xl hover:bg-sunken aria-checked:bg-accent-soft forced-colors:border-0 forced-colors:aria-checked:border-2"
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
