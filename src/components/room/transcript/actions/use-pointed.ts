import { useEffect, useState, type RefObject } from 'react';

const MESSAGE = '[data-key][tabindex]';

const messageAt = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(MESSAGE) : null;

const ofKeyboard = (message: HTMLElement | null): HTMLElement | null =>
  message?.matches(':has(:focus-visible), :focus-visible') === true ? message : null;

/** A finger that has gone leaves this behind it in some browsers. */
const underPointer = (scroller: HTMLElement): HTMLElement | null =>
  matchMedia('(hover: hover)').matches ? scroller.querySelector<HTMLElement>(`${MESSAGE}:hover`) : null;

/** The message under the pointer or, where there is none, the one that the keyboard has led to. Two listeners serve all of them. */
export function usePointed(scroller: RefObject<HTMLElement | null>): HTMLElement | null {
  const [hovered, setHovered] = useState<HTMLElement | null>(null);
  const [focused, setFocused] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const gone = new AbortController();
    const on = <Type extends keyof HTMLElementEventMap>(
      type: Type,
      listener: (event: HTMLElementEventMap[Type]) => void,
    ) => element.addEventListener(type, listener, { signal: gone.signal });
    on('pointerover', ({ pointerType, target }) => {
      if (pointerType !== 'touch') setHovered(messageAt(target));
    });
    on('pointerleave', () => setHovered(null));
    on('focusin', ({ target }) => {
      const message = messageAt(target);
      setFocused((before) => (message === before ? before : ofKeyboard(message)));
    });
    on('focusout', ({ relatedTarget }) =>
      setFocused((before) => (messageAt(relatedTarget) === before ? before : null)),
    );
    const find = () => {
      setHovered(underPointer(element));
      setFocused(element.contains(document.activeElement) ? ofKeyboard(messageAt(document.activeElement)) : null);
    };
    // The reader may have been here before this code.
    find();
    return () => gone.abort();
  }, [scroller]);
  return hovered ?? focused;
}
