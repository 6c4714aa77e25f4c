import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { Transcript } from '@/session/messages/transcript';
import { arrivedSince, endOf, keyOf, type Position } from '@/domain/arrived';

const RISE = [{ opacity: 0, translate: '0 6px' }, {}];
const RISE_OPTIONS = { duration: 160, easing: 'ease-out' };
/** More at once, as after a break of the line, are a talk that is caught up with, and not one that goes on. */
const RISING_MAX = 5;

/**
 * Lets what others say rise into its place as it arrives: once, and never the history or a block that is drawn again. `content`
 * has the entries by their keys.
 */
export function useRising(content: RefObject<Element | null>, { state, older, entries }: Transcript): void {
  const seen = useRef<Position | null>(null);
  useLayoutEffect(() => {
    const since = seen.current;
    // Everything that was said before one came in is history, as for what is read out.
    if (since === null && !(state === 'ready' && (entries.length > 0 || older === 'none'))) return;
    seen.current = endOf(entries);
    if (since === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const arrived = arrivedSince(since, entries);
    if (arrived.length > RISING_MAX) return;
    for (const entry of arrived) {
      content.current?.querySelector(`[data-key="${CSS.escape(keyOf(entry))}"]`)?.animate(RISE, RISE_OPTIONS);
    }
  }, [content, state, older, entries]);
}
