import { useEffect, useRef, type PointerEvent } from 'react';

/** As long as phones take for a long press. */
const HOLD_MS = 500;
/** A finger that moves further scrolls. */
const STILL_PIXELS = 10;
/** The time of a message that was held stays in sight for this long. */
const SHOWN_MS = 3_000;

interface Hold {
  timer: ReturnType<typeof setTimeout>;
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
  /** A message that was held long enough stays marked, also when a selection or the system's menu takes the pointer away. */
  function lift() {
    if (held.current === null) release();
  }
  useEffect(() => release, []);

  return {
    onPointerDown: ({ pointerType, target, clientX: x, clientY: y }: PointerEvent) => {
      release();
      show(null);
      if (pointerType !== 'touch' || !(target instanceof Element)) return;
      const message = target.closest('[data-key]');
      const timer = setTimeout(() => {
        show(message);
        hold.current = { timer: setTimeout(() => show(null), SHOWN_MS), x: NaN, y: NaN };
      }, HOLD_MS);
      hold.current = { timer, x, y };
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
