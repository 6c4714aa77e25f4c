import { useRef, type FocusEvent, type KeyboardEvent } from 'react';

/** Messages that are drawn. */
const MESSAGES = '[data-key][tabindex]';

/** Of two neighbours one is always in sight before the arrow key moves on from it: the rest of a long message is scrolled to. */
function isCut(message: Element, scroller: Element, step: -1 | 1): boolean {
  const [shown, box] = [scroller.getBoundingClientRect(), message.getBoundingClientRect()];
  return step < 0 ? box.top < shown.top : box.bottom > shown.bottom;
}

/** The last message that is in sight, from which the arrow keys begin. */
function lastInSight(messages: readonly HTMLElement[], scroller: Element): HTMLElement | undefined {
  const { top, bottom } = scroller.getBoundingClientRect();
  return messages.findLast((message) => {
    const box = message.getBoundingClientRect();
    return box.top < bottom && box.bottom > top;
  });
}

/** Leads from message to message with the arrow keys, while the list is one stop of the Tab key. All other keys stay the browser's. */
export function moveAmongMessages(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
  if (step === null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const scroller = event.currentTarget;
  if (!(event.target instanceof HTMLElement) || !(event.target === scroller || event.target.matches(MESSAGES))) return;
  const messages = Array.from(scroller.querySelectorAll<HTMLElement>(MESSAGES));
  const current = messages.indexOf(event.target);
  if (current >= 0 && isCut(event.target, scroller, step)) return;
  const next = current < 0 ? lastInSight(messages, scroller) : messages[current + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

/** The controls of a message: its quote, its reactions. */
const PARTS = '[data-part]';

/** The Tab key leads from a message to its own controls, and passes by those of all others. */
export function useOpenParts(): (event: FocusEvent) => void {
  const open = useRef<Element | null>(null);
  return ({ target }) => {
    const message = target.closest(MESSAGES);
    if (message === open.current) return;
    open.current?.querySelectorAll(PARTS).forEach((part) => part.setAttribute('tabindex', '-1'));
    message?.querySelectorAll(PARTS).forEach((part) => part.setAttribute('tabindex', '0'));
    open.current = message;
  };
}
