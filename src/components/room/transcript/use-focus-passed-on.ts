import { useLayoutEffect, useRef } from 'react';

/** For an element that takes the focus along when it is removed: the list around it has it then. */
export function useFocusPassedOn() {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const removed = element.current;
    return () => {
      if (removed?.contains(document.activeElement)) {
        removed.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
      }
    };
  }, []);
  return element;
}
