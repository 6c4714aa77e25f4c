'use client';

import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { FileLimits } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { FileInput } from './file-input';
import { Caption } from './caption';
import { ChosenRow } from './chosen-row';
import type { ChosenFile, ChosenFiles } from './use-chosen-files';
import { useCaption } from './use-caption';

interface SendSheetProps {
  session: RoomSession;
  limits: FileLimits;
  files: ChosenFiles;
  /** It may be open before anything is chosen. */
  isOpen: boolean;
  onClose: () => void;
  onSending: () => void;
}

/** The files that are about to be sent, with a caption. Nothing leaves the page before somebody presses Send here. */
export function SendSheet({ isOpen, ...sheet }: SendSheetProps) {
  const t = useTranslations('files.sending');
  const { onClose, files } = sheet;
  const { items, clear } = files;
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        clear();
        onClose();
      }}
      title={t('sheet', { count: items.length })}
      closeLabel={t('close')}
      placement="sheet"
    >
      <Sheet {...sheet} />
    </Dialog>
  );
}

function Sheet({ session, limits, files, onClose, onSending }: Omit<SendSheetProps, 'isOpen'>) {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const captionId = useId();
  const [isBusy, setIsBusy] = useState(false);
  const caption = useCaption(session);
  const { items, remove } = files;
  const count = items.filter(isSendable).length;
  const isInert = count === 0 || items.some(({ chosen }) => chosen === null) || caption.fault !== null;

  async function send() {
    if (isInert || isBusy) return;
    setIsBusy(true);
    // The sheet may close with the last file that goes out.
    onSending();
    const isComplete = await files.send(caption.words, caption.clear);
    setIsBusy(false);
    if (!isComplete) return;
    // Those that cannot be sent have said so.
    files.clear();
    onClose();
  }

  return (
    <div className="flex flex-col gap-4">
      <ul ref={list} className="-mx-2 flex max-h-[45dvh] flex-col gap-1 overflow-y-auto px-2">
        {items.map(({ id, chosen }) => (
          <ChosenRow
            key={id}
            chosen={chosen}
            limits={limits}
            onRemove={() => {
              // The button goes with its row.
              list.current?.closest('dialog')?.querySelector('h2')?.focus();
              remove(id);
            }}
          />
        ))}
      </ul>
      {items.length === 0 ? (
        <Button tone="primary" onClick={() => input.current?.click()}>
          {t('choose')}
        </Button>
      ) : (
        <>
          <Caption id={captionId} caption={caption} onEnter={() => void send()} />
          <div className="flex flex-wrap items-center justify-between gap-2">
            <Button tone="quiet" icon={ROOM_ICONS.plus} className="-ms-3 !px-3" onClick={() => input.current?.click()}>
              {t('more')}
            </Button>
            <Button tone="primary" icon="arrowUp" inert={isInert} busy={isBusy} onClick={() => void send()}>
              {t('send', { count })}
            </Button>
          </div>
        </>
      )}
      <p className="text-sm text-soft">{t('limits', { file: size(limits.maxBytes), room: size(limits.roomBytes) })}</p>
      <FileInput ref={input} multiple onChoose={files.add} />
    </div>
  );
}

const isSendable = ({ chosen }: ChosenFile): boolean => chosen !== null && chosen.fault === null;
