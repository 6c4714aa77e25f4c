'use client';

import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Icon, type Drawn, type IconName } from '@/components/ui/icon';
import type { Acts } from './acts';

const GAP_PIXELS = 4;
/** Where there is no room beside the message, it lies over its upper edge. */
const RAISED_PIXELS = 30;

interface MessageBarProps {
  host: HTMLElement;
  isSelf: boolean;
  acts: Acts;
  /** Which of its buttons has something open. */
  opened: 'menu' | 'picker' | null;
  onReact: (button: Element) => void;
  onReply: () => void;
  onMore: (button: Element) => void;
}

/** The one bar that there is: at the message under the pointer, or that has the focus. It lies over everything and shifts nothing. */
export function MessageBar({ host, isSelf, acts, opened, onReact, onReply, onMore }: MessageBarProps) {
  const t = useTranslations('message');
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (bar.current !== null) place(bar.current, host, isSelf);
  }, [host, isSelf, acts.mayAnswer]);
  return createPortal(
    <div
      ref={bar}
      role="group"
      aria-label={t('actions')}
      // Whoever is writing goes on writing.
      onPointerDown={(event) => event.preventDefault()}
      className="absolute z-20 flex rounded-xl border border-line bg-surface whitespace-normal shadow-sm select-none"
    >
      {acts.mayAnswer && (
        <>
          <BarButton
            icon={ROOM_ICONS.smile}
            label={t('react')}
            isOpen={opened === 'picker'}
            onPress={(button) => onReact(button)}
          />
          <BarButton icon={ROOM_ICONS.reply} label={t('reply')} onPress={onReply} />
        </>
      )}
      <BarButton
        icon={ROOM_ICONS.menu}
        label={t('more')}
        isOpen={opened === 'menu'}
        onPress={(button) => onMore(button)}
      />
    </div>,
    host,
  );
}

interface BarButtonProps {
  icon: IconName | Drawn;
  label: string;
  /** Of a button that opens something. */
  isOpen?: boolean;
  onPress: (button: Element) => void;
}

function BarButton({ icon, label, isOpen, onPress }: BarButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={(event) => onPress(event.currentTarget)}
      className="inline-flex size-11 items-center justify-center rounded-xl text-soft hover:bg-sunken hover:text-ink aria-expanded:bg-sunken forced-colors:border-0"
    >
      <Icon name={icon} />
    </button>
  );
}

/** Beside the bubble, towards the middle of the talk. */
function place(bar: HTMLElement, host: HTMLElement, isSelf: boolean) {
  const bubble = host.querySelector('[data-bubble]')?.getBoundingClientRect();
  if (bubble === undefined) return;
  const row = host.getBoundingClientRect();
  const width = bar.offsetWidth;
  const isMirrored = getComputedStyle(host).direction === 'rtl';
  const isAtLeft = isSelf !== isMirrored;
  const free = isAtLeft ? bubble.left - row.left : row.right - bubble.right;
  const isBeside = free >= width + GAP_PIXELS;
  const beside = isAtLeft ? bubble.left - width - GAP_PIXELS : bubble.right + GAP_PIXELS;
  const over = isAtLeft ? Math.max(row.left, bubble.left) : Math.min(row.right, bubble.right) - width;
  const left = Math.min(Math.max(row.left, isBeside ? beside : over), Math.max(row.left, row.right - width));
  bar.style.insetInlineStart = `${isMirrored ? row.right - left - width : left - row.left}px`;
  bar.style.insetBlockStart = `${bubble.top - row.top - (isBeside ? 0 : RAISED_PIXELS)}px`;
}
