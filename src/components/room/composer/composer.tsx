'use client';

import { useTranslations } from 'next-intl';
import { useId, type KeyboardEvent, type RefObject } from 'react';
import { Icon } from '@/components/ui/icon';
import { useMediaQuery } from '@/components/ui/use-media-query';
import type { RoomInfo, RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';
import { type SendMessage, useSendMessage } from '@/hooks/use-send-message';
import { isComposingKey } from '@/lib/composing-key';
import { isOnScreenKey, TOUCH } from './on-screen-key';

/** From here on the note says how many characters are left. */
const REMAINING_SHOWN_CHARACTERS = 100;

interface ComposerProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ session, field }: ComposerProps) {
  const t = useTranslations('composer');
  const { draft, fault, remaining, setDraft, send } = useSendMessage(session);
  const { muted } = useRoomInfo(session);
  const noteId = useId();
  const helpId = useId();
  const isTouch = useMediaQuery(TOUCH);
  const wrong = fault === 'too-long' || fault === 'not-well-formed';

  function sendDraft() {
    if (fault === null && muted === null) send();
    field.current?.focus({ preventScroll: true });
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || isComposingKey(event.nativeEvent)) return;
    if (isTouch && isOnScreenKey(event.nativeEvent)) return;
    event.preventDefault();
    sendDraft();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sendDraft();
      }}
      className="mx-auto w-full max-w-3xl px-4 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      <div
        className={`flex items-end gap-1 rounded-3xl border bg-surface p-1 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:-outline-offset-1 has-[textarea:focus-visible]:outline-accent ${wrong ? 'border-danger' : 'border-edge'}`}
      >
        <div data-text={draft} className="grow-with-text max-h-40 min-w-0 flex-1 overflow-y-auto rounded-2xl">
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={draft}
            aria-label={t('label')}
            aria-describedby={`${noteId} ${helpId}`}
            aria-invalid={wrong || undefined}
            placeholder={t('placeholder')}
            enterKeyHint={isTouch ? 'enter' : 'send'}
            autoComplete="off"
            onChange={(event) => {
              setDraft(event.target.value);
              session.signals.typed(event.target.value);
            }}
            onKeyDown={pressed}
            className="resize-none overflow-hidden bg-transparent text-base outline-none placeholder:text-soft"
          />
        </div>
        <SendButton inert={fault !== null || muted !== null} />
      </div>
      <p id={helpId} hidden>
        {t(isTouch ? 'helpTouch' : 'help')}
      </p>
      <DraftNote id={noteId} fault={fault} remaining={remaining} wrong={wrong} muted={muted} />
    </form>
  );
}

function SendButton({ inert }: { inert: boolean }) {
  const t = useTranslations('composer');
  return (
    <button
      type="submit"
      aria-label={t('send')}
      title={t('send')}
      aria-disabled={inert || undefined}
      // The field keeps the focus, so a phone keeps its keyboard open.
      onPointerDown={(event) => event.preventDefault()}
      className="inline-flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong aria-disabled:cursor-default aria-disabled:bg-sunken aria-disabled:text-soft forced-colors:aria-disabled:border-[GrayText] forced-colors:aria-disabled:text-[GrayText]"
    >
      <Icon name="arrowUp" />
    </button>
  );
}

interface DraftNoteProps extends Pick<SendMessage, 'fault' | 'remaining'> {
  id: string;
  wrong: boolean;
  muted: RoomInfo['muted'];
}

/** Under the field: why the draft cannot be sent, or how much room is left in it. */
function DraftNote({ id, fault, remaining, wrong, muted }: DraftNoteProps) {
  const t = useTranslations('composer');
  return (
    // Why nothing is sent at all is said above the composer already, and here for who is in the field.
    <p
      id={id}
      role="status"
      className={`px-4 text-sm empty:hidden ${!wrong && muted !== null ? 'sr-only' : wrong ? 'text-danger' : 'text-soft'}`}
    >
      {fault === 'not-well-formed'
        ? t('malformed')
        : remaining < 0
          ? t('tooLong', { count: -remaining })
          : fault === 'too-long'
            ? t('tooLarge')
            : muted !== null
              ? t(muted === 'keys-lost' ? 'keysLost' : 'keyRefused')
              : remaining <= REMAINING_SHOWN_CHARACTERS && t('remaining', { count: remaining })}
    </p>
  );
}
