import { useEffect, useEffectEvent, type RefObject } from 'react';

/** A little less than phones take for a long press of their own, which selects. */
const HOLD_MS = 400;
/** A finger that moves further does not hold. */
const STILL_PIXELS = 10;
/** So far a message follows the finger, and from there on letting go replies. */
const SWIPE_PIXELS = 56;
/** The edge of the window belongs to the browser, which goes back there. */
const EDGE_PIXELS = 24;

/** What a finger does something else with. */
const OWN_PRESS = 'a, button:not([data-holds]), input, audio, video';

interface Touch {
  readonly pointerId: number;
  readonly message: HTMLElement;
  readonly x: number;
  readonly y: number;
  timer: ReturnType<typeof setTimeout>;
  /** Once the finger has gone sideways. */
  isSwipe: boolean;
  /** How far the message was moved towards the end. */
  moved: number;
}

export interface TouchHandlers {
  readonly onHold: (message: HTMLElement) => void;
  readonly onSwipe: (message: HTMLElement) => void;
}

/**
 * A finger on a message: held, it asks for what can be done; moved towards the end of the line, it replies. Scrolling stays the
 * browser's, which takes the pointer away for it. Links and other controls keep their own long press.
 */
export function useTouch(scroller: RefObject<HTMLElement | null>, handlers: TouchHandlers): void {
  const onHold = useEffectEvent(handlers.onHold);
  const onSwipe = useEffectEvent(handlers.onSwipe);
  useEffect(() => {
    const element = scroller.current;
    return element === null
      ? undefined
      : follow(element, { onHold: (message) => onHold(message), onSwipe: (message) => onSwipe(message) });
  }, [scroller]);
}

function follow(scroller: HTMLElement, { onHold, onSwipe }: TouchHandlers): () => void {
  const gone = new AbortController();
  let touch: Touch | null = null;

  function end() {
    if (touch === null) return;
    clearTimeout(touch.timer);
    touch.message.style.removeProperty('translate');
    touch.message.removeAttribute('data-swiped');
    touch = null;
  }

  function hold(message: HTMLElement) {
    end();
    // The finger is still there: lifting it is no press on what has opened under it.
    document.addEventListener('touchend', (event) => event.preventDefault(), { once: true, passive: false });
    onHold(message);
  }

  function begin({ pointerType, isPrimary, pointerId, target, clientX: x, clientY: y }: PointerEvent) {
    end();
    if (pointerType !== 'touch' || !isPrimary || !(target instanceof Element)) return;
    const message = target.closest<HTMLElement>('[data-key][tabindex]');
    if (message === null || target.closest(OWN_PRESS) !== null || !getSelection()?.isCollapsed) return;
    const timer = setTimeout(() => hold(message), HOLD_MS);
    touch = { pointerId, message, x, y, timer, isSwipe: false, moved: 0 };
  }

  function move({ pointerId, clientX, clientY }: PointerEvent) {
    if (touch?.pointerId !== pointerId) return;
    const [across, down] = [clientX - touch.x, Math.abs(clientY - touch.y)];
    if (!touch.isSwipe) {
      if (Math.hypot(across, down) <= STILL_PIXELS) return;
      clearTimeout(touch.timer);
      const isAtEdge = touch.x < EDGE_PIXELS || touch.x > window.innerWidth - EDGE_PIXELS;
      if (isAtEdge || Math.abs(across) < 2 * down) {
        end();
        return;
      }
      touch.isSwipe = true;
    }
    const isMirrored = getComputedStyle(scroller).direction === 'rtl';
    touch.moved = Math.max(0, Math.min(SWIPE_PIXELS, isMirrored ? -across : across));
    touch.message.style.translate = `${isMirrored ? -touch.moved : touch.moved}px 0`;
    touch.message.dataset['swiped'] = touch.moved === SWIPE_PIXELS ? 'ready' : 'under-way';
  }

  function lift({ pointerId }: PointerEvent) {
    if (touch?.pointerId !== pointerId) return;
    const { message, moved } = touch;
    end();
    if (moved === SWIPE_PIXELS) onSwipe(message);
  }

  const on = (
    type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel',
    listener: (event: PointerEvent) => void,
  ) => scroller.addEventListener(type, listener, { signal: gone.signal });
  on('pointerdown', begin);
  on('pointermove', move);
  on('pointerup', lift);
  on('pointercancel', end);
  return () => {
    end();
    gone.abort();
  };
}
