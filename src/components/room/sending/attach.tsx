'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import { useDeferred } from '@/components/ui/use-deferred';
import { useFileLimits } from '@/hooks/use-file-limits';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { FileLimits } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { useFileWords } from '@/components/room/files/use-file-words';
import { DropOverlay } from './drop-overlay';
import { FileInput } from './file-input';
import { pastedFiles } from './incoming-files';
import { SendSheet } from './send-sheet';
import { SendingIcon } from './sending-icon';
import { useChosenFiles } from './use-chosen-files';
import { useDrop } from './use-drop';

interface AttachProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** The ways in which files come to the room: a button before the field, a paste into it, and a drop anywhere. */
export function Attach({ session, field }: AttachProps) {
  const limits = useFileLimits(session);
  const { muted } = useRoomInfo(session);
  // What sends them is there before a deployment removes it.
  useDeferred(limits === null ? null : session.files.part);
  const isOn = limits !== null && muted === null;
  const files = useChosenFiles(session.files);
  const [isAsked, setIsAsked] = useState(false);
  const isOpen = files.items.length > 0 || isAsked;
  const mayTake = () => isOn && (isOpen || document.querySelector('dialog[open], [data-recording]') === null);
  const isOver = useDrop(mayTake, files.add);
  usePasted(field, isOn, files.add);
  const isSent = useRef(false);
  useEffect(() => {
    // A dialog gives the focus back to the button that opened it; after sending, one goes on writing.
    if (!isOpen && isSent.current) field.current?.focus({ preventScroll: true });
    isSent.current = false;
  }, [isOpen, field]);
  if (!isOn) return null;
  return (
    <>
      <AttachButton limits={limits} onChoose={files.add} onAsk={() => setIsAsked(true)} />
      {isOver && <DropOverlay limits={limits} />}
      <SendSheet
        session={session}
        limits={limits}
        files={files}
        isOpen={isOpen}
        onClose={() => setIsAsked(false)}
        onSending={() => void (isSent.current = true)}
      />
    </>
  );
}

interface AttachButtonProps {
  limits: FileLimits;
  onChoose: (files: readonly File[]) => void;
  /** The sheet is to ask for files. */
  onAsk: () => void;
}

function AttachButton({ limits, onChoose, onAsk }: AttachButtonProps) {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label={t('attach')}
        title={t('attachLimits', { size: size(limits.maxBytes) })}
        onClick={() => {
          // A finger sees no title, and a phone's own choice covers the page: there the limits stand in the sheet first.
          if (matchMedia('(pointer: coarse)').matches) onAsk();
          else input.current?.click();
        }}
        // The field’s own space is enough between the two.
        className="-me-1 inline-flex size-beside-field shrink-0 items-center justify-center rounded-full text-soft transition-colors hover:bg-sunken hover:text-ink"
      >
        <SendingIcon name="clip" />
      </button>
      <FileInput ref={input} multiple onChoose={onChoose} />
    </>
  );
}

function usePasted(
  field: RefObject<HTMLTextAreaElement | null>,
  isOn: boolean,
  onPaste: (files: readonly File[]) => void,
) {
  const paste = useEffectEvent((event: ClipboardEvent) => {
    const pasted = event.clipboardData === null ? [] : pastedFiles(event.clipboardData);
    if (pasted.length === 0) return;
    event.preventDefault();
    onPaste(pasted);
  });
  useEffect(() => {
    const element = field.current;
    if (!isOn || element === null) return;
    const take = (event: ClipboardEvent) => paste(event);
    element.addEventListener('paste', take);
    return () => element.removeEventListener('paste', take);
  }, [field, isOn]);
}
