import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import { FITTED, moved, zoomed, type Boxes, type Point, type View } from './zoom';

/** What a notch of a wheel, or a little of a touchpad's pinch, zooms by. */
const WHEEL_FACTOR = 1.0025;
const KEY_FACTOR = 1.5;
/** Two presses show so much more, or the whole again. */
const DOUBLE_FACTOR = 2.5;
/** What an arrow key moves by. */
const STEP_PIXELS = 64;
/** A finger that moves so far over a whole picture turns to the next one. */
const SWIPE_PIXELS = 56;

export interface Zoom {
  readonly view: View;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  /** Whether the key was for a zoomed picture. */
  readonly press: (key: string) => boolean;
}

/** Zooms and moves the picture in a stage: by keys, wheel, one finger and two. `onSwipe`: towards the left or the right. */
export function useZoom(stage: RefObject<HTMLDivElement | null>, onSwipe: (step: -1 | 1) => void): Zoom {
  const [view, setView] = useState(FITTED);
  const swipe = useEffectEvent((step: -1 | 1) => {
    if (view.scale === 1) onSwipe(step);
  });
  const isWhole = useEffectEvent(() => view.scale === 1);

  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    return follow(element, {
      onZoom: (factor, at) => setView((before) => zoomed(before, factor, at, boxesIn(element))),
      onMove: (by) => setView((before) => moved(before, by, boxesIn(element))),
      onDouble: (at) => setView(isWhole() ? (before) => zoomed(before, DOUBLE_FACTOR, at, boxesIn(element)) : FITTED),
      onSwipe: (step) => swipe(step),
    });
  }, [stage]);

  const middle = { x: 0, y: 0 };
  const zoomBy = (factor: number) => {
    const element = stage.current;
    if (element !== null) setView(zoomed(view, factor, middle, boxesIn(element)));
  };
  const zoomIn = () => zoomBy(KEY_FACTOR);
  const zoomOut = () => zoomBy(1 / KEY_FACTOR);

  function press(key: string): boolean {
    if (key === '+' || key === '=') zoomIn();
    else if (key === '-') zoomOut();
    else if (key === '0') setView(FITTED);
    else {
      const by = view.scale > 1 ? ARROWS[key] : undefined;
      const element = stage.current;
      if (by === undefined || element === null) return false;
      setView(moved(view, by, boxesIn(element)));
    }
    return true;
  }

  return { view, zoomIn, zoomOut, press };
}

/** The picture moves against the key, so that one looks where it points. */
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: STEP_PIXELS, y: 0 },
  ArrowRight: { x: -STEP_PIXELS, y: 0 },
  ArrowUp: { x: 0, y: STEP_PIXELS },
  ArrowDown: { x: 0, y: -STEP_PIXELS },
};

function boxesIn(stage: HTMLElement): Boxes {
  const picture = stage.querySelector('img');
  const { clientWidth: width, clientHeight: height } = stage;
  return {
    stage: { width, height },
    // Its size before it is scaled.
    picture: { width: picture?.offsetWidth ?? width, height: picture?.offsetHeight ?? height },
  };
}

interface Gestures {
  readonly onZoom: (factor: number, at: Point) => void;
  readonly onMove: (by: Point) => void;
  readonly onDouble: (at: Point) => void;
  readonly onSwipe: (step: -1 | 1) => void;
}

function follow(stage: HTMLElement, { onZoom, onMove, onDouble, onSwipe }: Gestures): () => void {
  const gone = new AbortController();
  const fingers = new Map<number, Point>();
  /** How far the only finger has gone; null once there were two. */
  let across: number | null = null;

  const fromMiddle = ({ x, y }: Point): Point => {
    const box = stage.getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  };

  function begin(event: PointerEvent) {
    if (event.button !== 0) return;
    across = fingers.size === 0 ? 0 : null;
    fingers.set(event.pointerId, event);
    stage.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent) {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const by = { x: event.x - before.x, y: event.y - before.y };
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, { x: event.x, y: event.y });
    if (other === undefined) {
      if (across !== null) across += by.x;
      onMove(by);
      return;
    }
    const [wasApart, areApart] = [before, event].map(({ x, y }) => Math.hypot(x - other.x, y - other.y));
    onZoom(
      (areApart ?? 1) / Math.max(1, wasApart ?? 1),
      fromMiddle({ x: (event.x + other.x) / 2, y: (event.y + other.y) / 2 }),
    );
  }

  function end(event: PointerEvent) {
    if (!fingers.delete(event.pointerId)) return;
    const isSwipe = event.type === 'pointerup' && event.pointerType === 'touch' && across !== null;
    if (isSwipe && Math.abs(across ?? 0) > SWIPE_PIXELS) onSwipe((across ?? 0) < 0 ? 1 : -1);
    across = null;
  }

  const options = { signal: gone.signal };
  stage.addEventListener('pointerdown', begin, options);
  stage.addEventListener('pointermove', move, options);
  stage.addEventListener('pointerup', end, options);
  stage.addEventListener('pointercancel', end, options);
  stage.addEventListener('dblclick', (event) => onDouble(fromMiddle(event)), options);
  // Or the page would be zoomed, or scrolled behind it.
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    onZoom(WHEEL_FACTOR ** -event.deltaY, fromMiddle(event));
  };
  stage.addEventListener('wheel', onWheel, { signal: gone.signal, passive: false });
  return () => gone.abort();
}
