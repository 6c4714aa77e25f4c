import { useEffect, useEffectEvent, type RefObject } from 'react';
import { isComposingKey } from '@/lib/composing-key';

export type MessageKey = 'menu' | 'reply' | 'edit' | 'pick' | 'take-back';

/** `+` and `a` are both taken: the one stands on its own key in some layouts and the other in all. */
const KEYS: Readonly<Record<string, MessageKey>> = {
  Enter: 'menu',
  ' ': 'menu',
  ContextMenu: 'menu',
  r: 'reply',
  e: 'edit',
  '+': 'pick',
  a: 'pick',
  Delete: 'take-back',
};

function wantedBy(event: KeyboardEvent): MessageKey | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || isComposingKey(event)) return undefined;
  if (event.key === 'F10') return event.shiftKey ? 'menu' : undefined;
  return KEYS[event.key];
}

/**
 * The keys of a message that the keyboard led to: a reader who has clicked on one, to select its words as a rule, goes on writing.
 * `act` says whether it was done: all other keys stay the browser's, or begin a message.
 */
export function useMessageKeys(
  scroller: RefObject<HTMLElement | null>,
  act: (key: MessageKey, message: HTMLElement) => boolean,
): void {
  const press = useEffectEvent(act);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    /** The key of a menu also asks for the browser's own, a moment later. */
    let hasOpened = false;
    let clicked: EventTarget | null = null;
    const gone = new AbortController();
    const onPress = ({ target }: Event) => {
      clicked = target instanceof Element ? target.closest('[data-key][tabindex]') : null;
    };
    const onFocus = ({ target }: Event) => {
      if (target !== clicked) clicked = null;
    };
    const onKey = (event: KeyboardEvent) => {
      hasOpened = false;
      const { target } = event;
      if (!(target instanceof HTMLElement) || !target.matches('[data-key][tabindex]')) return;
      if (target === clicked) return;
      const wanted = wantedBy(event);
      if (wanted === undefined || !press(wanted, target)) return;
      event.preventDefault();
      hasOpened = event.key === 'ContextMenu' || event.key === 'F10';
    };
    const onContextMenu = (event: Event) => {
      if (hasOpened) event.preventDefault();
      hasOpened = false;
    };
    element.addEventListener('pointerdown', onPress, { signal: gone.signal });
    element.addEventListener('focusin', onFocus, { signal: gone.signal });
    element.addEventListener('keydown', onKey, { signal: gone.signal });
    document.addEventListener('contextmenu', onContextMenu, { signal: gone.signal });
    return () => gone.abort();
  }, [scroller]);
}
