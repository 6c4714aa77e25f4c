import { useEffect, useEffectEvent, type RefObject } from 'react';
import { isComposingKey } from '@/lib/composing-key';

/** Whether a key writes something. Space scrolls, and with Ctrl, Alt or Meta a key is a command, unless they are the AltGr of Windows. */
function isWriting(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.key === ' ') return false;
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph'))) return false;
  // The names of all other keys are words; a dead key begins an accented letter.
  return event.key === 'Dead' || Array.from(event.key).length === 1 || isComposingKey(event);
}

/**
 * Whoever reads, or has clicked among the messages, writes at once: the first key goes to the composer like all others. Whatever else
 * has the focus keeps its keys, and so does a dialog, which has the focus in it. A question mark
 * that is not written into a field asks what the keys do.
 */
export function useTyping(composer: RefObject<HTMLTextAreaElement | null>, onHelp: () => void): void {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    function take(event: KeyboardEvent) {
      const { activeElement } = document;
      const isReading = activeElement === document.body || activeElement?.closest('[role="log"]') !== null;
      // A name is changed among the messages, too.
      const isField = activeElement?.matches('input, textarea, select') === true;
      if (isField || document.querySelector('dialog[open]') !== null || !isWriting(event)) return;
      if (event.key === '?' && !isComposingKey(event)) {
        event.preventDefault();
        help();
      }
      if (!isReading || event.defaultPrevented) return;
      // Before the browser writes the character, which goes where the focus is.
      composer.current?.focus({ preventScroll: true });
    }
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  }, [composer]);
}
