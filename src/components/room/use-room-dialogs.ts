'use client';

import { useEffect } from 'react';
import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';

/** Nobody opens a dialog before they have come in, so their code is no part of the page; it is there before a deployment removes it. */
const roomDialogs = createDeferred(() => import('./room-dialogs'));

/** The dialogs of a room, or null until they have arrived; `isWanted`: one is to be shown. */
export function useRoomDialogs(isWanted: boolean) {
  useEffect(() => {
    // In case they were given up.
    if (isWanted) roomDialogs.fetch();
  }, [isWanted]);
  return useDeferred(roomDialogs);
}
