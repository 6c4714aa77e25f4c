import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import type { Destination } from '@/session/messages/going';

/** Long enough for an eye that has to find its place again. */
const MARKED_MS = 2_500;

/**
 * Brings the reader to an entry that they asked for: it stands in the middle, is marked for a moment and has the focus, unless they have
 * begun to write while it was looked for: the next letters would be keys of the message. `content` draws the entry, wherever it is; `onArrive` is called then.
 */
export function useArriving(
  content: RefObject<Element | null>,
  destination: Destination | null,
  show: (element: Element) => void,
  onArrive: () => void,
): void {
  const hasWritten = useRef(false);
  const marked = useRef<{ element: Element; timer: ReturnType<typeof setTimeout> } | null>(null);

  function unmark() {
    clearTimeout(marked.current?.timer);
    marked.current?.element.removeAttribute('data-marked');
    marked.current = null;
  }

  const arrive = useEffectEvent((key: string) => {
    const element = content.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (element !== null && element !== undefined) {
      show(element);
      unmark();
      element.setAttribute('data-marked', '');
      marked.current = { element, timer: setTimeout(unmark, MARKED_MS) };
      if (!hasWritten.current) element.focus({ preventScroll: true });
    }
    onArrive();
  });

  const isLooking = destination?.state === 'looking';
  useEffect(() => {
    if (!isLooking) return;
    const write = () => (hasWritten.current = true);
    document.addEventListener('input', write);
    return () => {
      document.removeEventListener('input', write);
      hasWritten.current = false;
    };
  }, [isLooking]);
  useLayoutEffect(() => {
    if (destination?.state === 'there') arrive(destination.key);
  }, [destination]);
  useEffect(() => () => clearTimeout(marked.current?.timer), []);
}
