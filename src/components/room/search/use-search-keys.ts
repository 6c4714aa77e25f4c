import { useEffect, useEffectEvent } from 'react';
import { isComposingKey } from '@/lib/composing-key';

function isSearchKey(event: KeyboardEvent): boolean {
  // The browser's own search keeps Ctrl+F.
  if ((event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey) return event.key.toLowerCase() === 'f';
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return false;
  return document.activeElement?.closest('input, textarea, select, [contenteditable]') === null;
}

/** Ctrl+Shift+F, and `/` where nothing is being written. */
export function useSearchKeys(onSearch: () => void): void {
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    function take(event: KeyboardEvent) {
      if (event.defaultPrevented || isComposingKey(event) || !isSearchKey(event)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      search();
    }
    // Before the key is taken for the first one of a message.
    document.addEventListener('keydown', take, { capture: true });
    return () => document.removeEventListener('keydown', take, { capture: true });
  }, []);
}
