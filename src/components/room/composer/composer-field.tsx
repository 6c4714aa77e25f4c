'use client';

import { useTranslations } from 'next-intl';
import { useLayoutEffect, type KeyboardEvent, type RefObject } from 'react';
import { useMediaQuery } from '@/components/ui/use-media-query';
import { useSendMessage } from '@/hooks/use-send-message';
import { isComposingKey } from '@/lib/composing-key';
import type { RoomSession } from '@/session/room-session';
import type { Listed, ListKeys } from './mention-list';
import { isOnScreenKey, TOUCH } from './on-screen-key';

interface ComposerFieldProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
  wrong: boolean;
  describedBy: string;
  /** Takes the keys while there is a list, which is `listed`. */
  listKeys: RefObject<ListKeys | null>;
  listed: Listed | null;
  onEnter: () => void;
}

/** Grows with its text up to eight lines, or half of what a phone's keyboard leaves. */
export function ComposerField({ session, field, wrong, describedBy, listKeys, listed, onEnter }: ComposerFieldProps) {
  const t = useTranslations('composer');
  const { draft, mode, setDraft, editLast } = useSendMessage(session);
  const isTouch = useMediaQuery(TOUCH);
  useCursorAtEnd(field, mode.kind === 'edit' ? mode.id : null);

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>) {
    // An input method has its keys to itself.
    if (isComposingKey(event.nativeEvent)) return;
    if (isPlain(event) && listKeys.current?.(event) === true) event.preventDefault();
    else if (event.key === 'ArrowUp' && draft === '' && mode.kind === 'write' && isPlain(event)) {
      if (editLast()) event.preventDefault();
    } else if (event.key === 'Enter' && !event.shiftKey && !(isTouch && isOnScreenKey(event.nativeEvent))) {
      event.preventDefault();
      onEnter();
    }
  }

  return (
    <div
      data-text={draft}
      className="grow-with-text max-h-[min(13.25rem,calc(var(--visible-height,100dvh)*0.45))] min-w-0 flex-1 overflow-y-auto rounded-2xl"
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={draft}
        aria-label={t('label')}
        aria-describedby={describedBy}
        aria-invalid={wrong || undefined}
        aria-autocomplete="list"
        aria-controls={listed?.listId}
        aria-activedescendant={listed?.optionId}
        placeholder={t('placeholder')}
        enterKeyHint={isTouch ? 'enter' : 'send'}
        autoComplete="off"
        onChange={(event) => {
          setDraft(event.target.value);
          session.signals.typed(event.target.value);
        }}
        onKeyDown={pressed}
        className="resize-none overflow-hidden bg-transparent text-base outline-none placeholder:truncate placeholder:text-soft"
      />
    </div>
  );
}

const isPlain = ({ altKey, ctrlKey, metaKey }: KeyboardEvent) => !altKey && !ctrlKey && !metaKey;

/** Whoever begins to edit goes on behind the last word, whatever they were writing before. */
function useCursorAtEnd(field: RefObject<HTMLTextAreaElement | null>, edited: string | null): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (edited !== null) element?.setSelectionRange(element.value.length, element.value.length);
  }, [field, edited]);
}
