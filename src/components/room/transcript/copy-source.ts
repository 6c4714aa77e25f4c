import { useEffect } from 'react';

/**
 * A reader who copies from one message gets what its author typed, to the character: the browser's own rendering of a selection has line ends
 * where elements end. A selection over several messages is the browser's, with names and times between them.
 */
export function useSourceCopied(): void {
  useEffect(() => {
    document.addEventListener('copy', copySource);
    return () => document.removeEventListener('copy', copySource);
  }, []);
}

function copySource(event: ClipboardEvent): void {
  // Some browsers keep the page's selection while a field has one of its own, which is copied then.
  if (event.target instanceof Element && event.target.matches('input, textarea')) return;
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount !== 1) return;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const source = (around instanceof Element ? around : around.parentElement)?.closest('[data-source]');
  if (source === null || source === undefined) return;
  const copied = range.cloneContents();
  for (const aside of copied.querySelectorAll('[data-aside]')) aside.remove();
  event.clipboardData?.setData('text/plain', copied.textContent);
  event.preventDefault();
}
