import { useTranslations } from 'next-intl';
import type { KeyboardEvent } from 'react';
import { isOnScreenKey, TOUCH } from '@/components/room/composer/on-screen-key';
import { useMediaQuery } from '@/components/ui/use-media-query';
import { isComposingKey } from '@/lib/composing-key';
import type { CaptionDraft } from './use-caption';

interface CaptionProps {
  id: string;
  caption: CaptionDraft;
  onEnter: () => void;
}

/** A field that grows with its text; its keys are those of the composer. */
export function Caption({ id, caption: { text, set, fault }, onEnter }: CaptionProps) {
  const t = useTranslations('files.sending');
  const composer = useTranslations('composer');
  const isTouch = useMediaQuery(TOUCH);
  const noteId = `${id}-note`;

  function pressed(event: KeyboardEvent) {
    if (isComposingKey(event.nativeEvent) || event.key !== 'Enter' || event.shiftKey) return;
    if (isTouch && isOnScreenKey(event.nativeEvent)) return;
    event.preventDefault();
    onEnter();
  }

  return (
    <div>
      <div
        data-text={text}
        className={`grow-with-text max-h-40 overflow-y-auto rounded-2xl border bg-surface has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-accent ${fault === null ? 'border-edge' : 'border-danger'}`}
      >
        <textarea
          rows={1}
          dir="auto"
          value={text}
          aria-label={t('caption')}
          aria-describedby={noteId}
          aria-invalid={fault !== null || undefined}
          placeholder={t('caption')}
          enterKeyHint={isTouch ? 'enter' : 'send'}
          autoComplete="off"
          // A phone's keyboard would hide what was chosen.
          {...(!isTouch && { 'data-first-focus': '' })}
          onChange={(event) => set(event.target.value)}
          onKeyDown={pressed}
          className="resize-none overflow-hidden bg-transparent text-base outline-none placeholder:text-soft"
        />
      </div>
      <p id={noteId} role="status" className="mt-1 px-1 text-sm text-danger empty:hidden">
        {fault === 'too-long' ? t('captionTooLong') : fault !== null && composer('malformed')}
      </p>
    </div>
  );
}
