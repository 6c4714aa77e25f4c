import { useEffect, useRef, type PointerEvent } from 'react';

/** A little less than phones take for a long press of their own, which takes the pointer away. */
const HOLD_MS = 400;
/** A finger that moves further scrolls. */
const STILL_PIXELS = 10;
/** The time of a message that was held stays in sight for this long. */
const SHOWN_MS = 3_000;

interface Hold {
  timer: ReturnType<typeof setTimeout>;
  /** On the clock of the events. */
  since: number;
  message: Element | null;
  x: number;
  y: number;
}

/** Marks a message on which a finger stays with `data-held` for a moment. The browser's own long press, which selects, goes on. */
export function useHolding() {
  const hold = useRef<Hold | null>(null);
  const held = useRef<Element | null>(null);

  function release() {
    clearTimeout(hold.current?.timer);
    hold.current = null;
  }
  function show(message: Element | null) {
    held.current?.removeAttribute('data-held');
    message?.setAttribute('data-held', '');
    held.current = message;
  }
  function mark(message: Element | null) {
    show(message);
    const timer = setTimeout(() => show(null), SHOWN_MS);
    hold.current = { timer, since: NaN, message: null, x: NaN, y: NaN };
  }
  /** A message that was held long enough stays marked, also when a selection or the system's menu takes the pointer away. */
  function lift({ timeStamp }: PointerEvent) {
    if (hold.current === null || held.current !== null) return;
    const { since, message } = hold.current;
    release();
    // A busy page hears of both at once, of the pointer first.
    if (timeStamp - since >= HOLD_MS) mark(message);
  }
  useEffect(() => release, []);

  return {
    onPointerDown: ({ pointerType, target, timeStamp: since, clientX: x, clientY: y }: PointerEvent) => {
      release();
      show(null);
      if (pointerType !== 'touch' || !(target instanceof Element)) return;
      const message = target.closest('[data-key]');
      const timer = setTimeout(() => mark(message), HOLD_MS);
      hold.current = { timer, since, message, x, y };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (hold.current === null) return;
      const { x, y } = hold.current;
      if (Math.hypot(clientX - x, clientY - y) > STILL_PIXELS) release();
    },
    onPointerUp: lift,
    onPointerCancel: lift,
  };
}
