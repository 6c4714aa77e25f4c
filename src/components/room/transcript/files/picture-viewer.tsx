'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { useBackCloses } from '@/hooks/use-back-closes';
import { useTranscript } from '@/hooks/use-transcript';
import { useUnshownReleased } from '@/hooks/use-unshown-released';
import type { RoomSession } from '@/session/room-session';
import { picturesIn } from './pictures';
import { ShownPicture } from './shown-picture';

interface PictureViewerProps {
  session: RoomSession;
  /** Of the message whose picture is shown; null while none is. */
  shownKey: string | null;
  onTurn: (key: string) => void;
  onClose: () => void;
}

/** Pictures as large as the window, one at a time. The browser's own modal, which gives the focus back. */
export function PictureViewer({ session, shownKey, onTurn, onClose }: PictureViewerProps) {
  const t = useTranslations('files.received');
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = shownKey !== null;
  useUnshownReleased(session);
  useBackCloses(isOpen, onClose);
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === isOpen) return;
    if (!isOpen) {
      element.close();
      return;
    }
    element.showModal();
    element.querySelector<HTMLElement>('h2')?.focus();
  }, [isOpen]);
  return createPortal(
    // Outside of what scrolls below it.
    <dialog
      ref={dialog}
      aria-label={t('viewer')}
      onClose={onClose}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-clip bg-canvas p-0 text-ink open:animate-appear"
    >
      {isOpen && <Pictures session={session} shownKey={shownKey} onTurn={onTurn} onClose={onClose} />}
    </dialog>,
    document.body,
  );
}

function Pictures({ session, shownKey, onTurn, onClose }: PictureViewerProps) {
  'use memo';
  const { entries } = useTranscript(session);
  const pictures = picturesIn(entries);
  const place = pictures.findIndex(({ message }) => message.key === shownKey);
  const picture = pictures[place];
  // It was taken back, and there is nothing to look at any more.
  const isGone = picture === undefined;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  if (isGone) return null;

  function turn(step: -1 | 1) {
    const next = pictures[place + step];
    if (next !== undefined) onTurn(next.message.key);
  }
  function pressed({ key, currentTarget }: KeyboardEvent): boolean {
    const isMirrored = getComputedStyle(currentTarget).direction === 'rtl';
    const step =
      key === (isMirrored ? 'ArrowLeft' : 'ArrowRight')
        ? 1
        : key === (isMirrored ? 'ArrowRight' : 'ArrowLeft')
          ? -1
          : null;
    if (step !== null) turn(step);
    return step !== null;
  }
  return (
    <ShownPicture
      // Each begins as a whole.
      key={picture.message.key}
      session={session}
      {...picture}
      place={place}
      count={pictures.length}
      onTurn={turn}
      onKey={pressed}
      onClose={onClose}
    />
  );
}
