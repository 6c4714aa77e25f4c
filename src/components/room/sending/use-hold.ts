import { useEffect, useRef, type PointerEvent } from 'react';
import type { Recorder } from '@/hooks/use-recorder';

/** Whoever keeps the button pressed for longer than this records for as long as they do. */
const HOLD_MS = 350;
/** A hold that ends this early was a press: it records until it is stopped. */
const SHORTEST_MS = 700;

/** Returns what hears that the button is pressed. It outlives the button, in whose place something else stands by then. */
export function useHold(recorder: Recorder | null): (event: PointerEvent) => void {
  const letGo = useRef<() => void>(() => undefined);
  useEffect(() => () => letGo.current(), []);
  return ({ button }) => {
    if (recorder === null || button !== 0) return;
    const ended = new AbortController();
    const timer = setTimeout(recorder.start, HOLD_MS);
    letGo.current = () => {
      clearTimeout(timer);
      ended.abort();
    };
    const release = () => {
      letGo.current();
      const state = recorder.state.get();
      if (state.kind === 'recording' && Date.now() - state.since >= SHORTEST_MS) recorder.stop();
    };
    window.addEventListener('pointerup', release, { signal: ended.signal });
    window.addEventListener('pointercancel', release, { signal: ended.signal });
  };
}
