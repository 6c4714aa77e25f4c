import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. The server cannot know and says no. */
export function useMediaQuery(query: string): boolean {
  'use memo';
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}
