'use client';

import { useEffect, useState } from 'react';
import { findRoomBehind, type RoomBehind } from '@/page/room-behind';

/** The living room that this tab came from, or null; `goBack` leads there. It is looked for again with each of the `looks`. */
export function useRoomBehind(looks: number): { behind: RoomBehind | null; goBack: () => void } {
  const [behind, setBehind] = useState<RoomBehind | null>(null);
  useEffect(() => {
    let isLeft = false;
    const show = (found: RoomBehind | null) => {
      if (!isLeft) setBehind(found);
    };
    // Where it cannot be found there is no offer, which is nothing that anybody misses.
    findRoomBehind().then(show, () => undefined);
    return () => {
      isLeft = true;
    };
  }, [looks]);
  return {
    behind,
    // An offer that led nowhere disappears.
    goBack: () => void behind?.goBack().catch(() => setBehind(null)),
  };
}
