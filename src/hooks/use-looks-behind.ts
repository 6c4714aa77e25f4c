'use client';

import { useEffect, useState } from 'react';
import { STAY_KEY } from '@/page/stay-names';

/** Whether there is anything to look for; a browser without the Navigation API cannot say where its history leads. */
function mayBeBehind(): boolean {
  try {
    return 'navigation' in window && window.sessionStorage.getItem(STAY_KEY) !== null;
  } catch {
    // No storage, no note.
    return false;
  }
}

/** How often this page was shown in a tab that was in a room before; 0 for any other tab. */
export function useLooksBehind(): number {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    const look = () => {
      if (mayBeBehind()) setLooks((count) => count + 1);
    };
    const onShown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) look();
    };
    look();
    window.addEventListener('pageshow', onShown);
    return () => window.removeEventListener('pageshow', onShown);
  }, []);
  return looks;
}
