'use client';

import { useEffect, useState } from 'react';
import type { RoomBehind } from '@/page/room-behind';
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

/** The living room that this tab came from, or null; `goBack` leads there. What finds it is fetched by tabs that were in a room. */
export function useRoomBehind(): { behind: RoomBehind | null; goBack: () => void } {
  const [behind, setBehind] = useState<RoomBehind | null>(null);
  useEffect(() => {
    let isLeft = false;
    async function look() {
      if (!mayBeBehind()) return;
      const { findRoomBehind } = await import('@/page/room-behind');
      const found = await findRoomBehind();
      if (!isLeft) setBehind(found);
    }
    // Without its code there is no offer, which is nothing that anybody misses.
    const lookQuietly = () => void look().catch(() => undefined);
    const onShown = ({ persisted }: PageTransitionEvent) => persisted && lookQuietly();
    lookQuietly();
    window.addEventListener('pageshow', onShown);
    return () => {
      isLeft = true;
      window.removeEventListener('pageshow', onShown);
    };
  }, []);
  return {
    behind,
    // An offer that led nowhere disappears.
    goBack: () => void behind?.goBack().catch(() => setBehind(null)),
  };
}
