'use client';

import { useTranslations } from 'next-intl';
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { Icon } from '@/components/ui/icon';
import { useMediaQuery } from '@/components/ui/use-media-query';
import type { RoomSession } from '@/session/room-session';
import { useFileLimits } from '@/hooks/use-file-limits';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSlowUntil } from '@/hooks/use-slow-until';
import { useSendMessage } from '@/hooks/use-send-message';
import { isComposingKey } from '@/lib/composing-key';
import { useSendingParts } from '@/components/room/sending/use-sending-parts';
import { ComposerField } from './composer-field';
import { DraftNote } from './draft-note';
import type { Listed, ListKeys } from './mention-list';
import { TOUCH } from './on-screen-key';
import { useComposerParts } from './use-composer-parts';
import { useSending } from './use-sending';

interface ComposerProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
  onHelp: () => void;
}

export function Composer({ session, field, onHelp }: ComposerProps) {
  const t = useTranslations('composer');
  const { draft, fault, remaining, mode, setDraft, letGo } = useSendMessage(session);
  const { muted } = useRoomInfo(session);
  const isSlow = useSlowUntil(session) > 0;
  const parts = useComposerParts();
  const sending = useSendingParts();
  const { sendDraft, isAsked, forget } = useSending(session, { field, canAsk: parts !== null, onHelp });
  const listKeys = useRef<ListKeys>(null);
  const [listed, setListed] = useState<Listed | null>(null);
  const [stripId, noteId, helpId] = [useId(), useId(), useId()];
  const isTouch = useMediaQuery(TOUCH);
  const wrong = fault !== null && fault !== 'blank';
  const takesFiles = useFileLimits(session) !== null && muted === null;
  const isWriting = draft !== '' || mode.kind === 'edit';

  function escape(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposingKey(event.nativeEvent)) return;
    if (!isAsked && mode.kind === 'write') return;
    // The browser closes nothing else by the same key.
    event.preventDefault();
    if (isAsked) forget();
    else letGo();
    field.current?.focus({ preventScroll: true });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sendDraft();
      }}
      onKeyDown={escape}
      className="mx-auto w-full max-w-3xl px-4 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      {parts !== null && (
        <>
          {isAsked && <parts.CommandQuestion draft={draft} onSend={sendDraft} onEdit={forget} />}
          {mode.kind !== 'write' && <parts.ModeStrip id={stripId} mode={mode} onLetGo={letGo} />}
          <parts.MentionList {...{ session, field, draft, setDraft }} keys={listKeys} onShow={setListed} />
        </>
      )}
      <div
        className={`flex items-end gap-1 rounded-3xl border has-data-recording:[&>:not([data-recording])]:hidden bg-surface p-1 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:-outline-offset-1 has-[textarea:focus-visible]:outline-accent ${wrong ? 'border-danger' : 'border-edge'}`}
      >
        {sending === null ? (
          takesFiles && <Kept className="-me-1" />
        ) : (
          <sending.Attach session={session} field={field} />
        )}
        <ComposerField
          {...{ session, field, wrong, listKeys, listed }}
          describedBy={`${mode.kind === 'write' ? '' : `${stripId} `}${noteId} ${helpId}`}
          onEnter={sendDraft}
        />
        {sending === null ? (
          takesFiles && !isWriting && <Kept />
        ) : (
          <sending.VoiceButton {...{ session, field, isWriting }} />
        )}
        <SendButton inert={fault !== null || muted !== null || isSlow} isEdit={mode.kind === 'edit'} />
      </div>
      <p id={helpId} hidden>
        {t(isTouch ? 'helpTouch' : 'help')}
      </p>
      <DraftNote id={noteId} fault={fault} remaining={remaining} wrong={wrong} muted={muted} />
    </form>
  );
}

/** The place of a button that is not there yet, so that the field is where it will stay. */
function Kept({ className = '' }: { className?: string }) {
  return <span className={`size-beside-field shrink-0 ${className}`} />;
}

function SendButton({ inert, isEdit }: { inert: boolean; isEdit: boolean }) {
  const t = useTranslations('composer');
  const label = t(isEdit ? 'save' : 'send');
  return (
    <button
      type="submit"
      aria-label={label}
      title={label}
      aria-disabled={inert || undefined}
      // The field keeps the focus, so a phone keeps its keyboard open.
      onPointerDown={(event) => event.preventDefault()}
      className="inline-flex size-beside-field shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong aria-disabled:cursor-default aria-disabled:bg-sunken aria-disabled:text-soft forced-colors:aria-disabled:border-[GrayText] forced-colors:aria-disabled:text-[GrayText]"
    >
      <Icon name={isEdit ? 'check' : 'arrowUp'} />
    </button>
  );
}
