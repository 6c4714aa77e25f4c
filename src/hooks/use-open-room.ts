'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { Answer, Failure } from '@/domain/failure';
import type { OpenedRoom, OpenRoomOptions } from '@/page/open-room';
import { cacheRoom } from '@/page/room-cache';

/** The code that makes a key and calls the server is not part of the page: it is loaded once the page is there. */
const loadOpening = () => import('@/page/open-room');

async function openRoomHere(options: OpenRoomOptions): Promise<Answer<OpenedRoom>> {
  let opening;
  try {
    opening = await loadOpening();
  } catch {
    // It could not be loaded, earlier or now. The next press tries again.
    return { ok: false, failure: { reason: navigator.onLine ? 'unreachable' : 'offline' } };
  }
  return opening.openSealedRoomHere(options);
}

/** Makes a sealed room, its key in this browser, and goes there. */
export function useOpenRoom(): {
  opening: boolean;
  failure: Failure | null;
  openRoom: (options?: OpenRoomOptions) => void;
} {
  const client = useQueryClient();
  const router = useRouter();
  // While the page is being read, so that the press need not wait for it.
  useEffect(() => {
    loadOpening().catch(() => undefined);
  }, []);
  const { mutate, isPending, data } = useMutation({
    // Returns the failure alone: the cache keeps what a mutation returns, and it may not keep the key.
    mutationFn: async (options: OpenRoomOptions): Promise<Failure | 'opened'> => {
      const answer = await openRoomHere(options);
      if (!answer.ok) return answer.failure;
      cacheRoom(client, answer.value.view);
      router.push(answer.value.path);
      return 'opened';
    },
  });
  return {
    // Until the room's page is there, a second click would make a second room.
    opening: isPending || data === 'opened',
    failure: data === undefined || data === 'opened' ? null : data,
    openRoom: (options = {}) => mutate(options),
  };
}
