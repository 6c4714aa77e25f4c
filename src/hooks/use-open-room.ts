'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { Answer, Failure } from '@/domain/failure';
import type { OpenedRoom, OpenRoomOptions } from '@/page/open-room';
import { cacheRoom } from '@/page/room-cache';

/** What seals a key and calls the server is no part of the page: it comes once the page is there. */
const loadOpening = () => import('@/page/open-room');

async function openRoomHere(options: OpenRoomOptions): Promise<Answer<OpenedRoom>> {
  let opening;
  try {
    opening = await loadOpening();
  } catch {
    // It did not come, by then or now. The next press asks for it again.
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
    // It answers the failure alone: what a mutation answers is kept by the cache, and the key may not be.
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
