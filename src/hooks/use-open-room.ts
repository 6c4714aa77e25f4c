'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { Failure } from '@/client/failure';
import { browserApi, cacheRoom } from './browser-environment';
import { openSealedRoom, type OpenRoomOptions } from './open-room';

/** Makes a sealed room, its key in this browser, and goes there. */
export function useOpenRoom(): {
  opening: boolean;
  failure: Failure | null;
  openRoom: (options?: OpenRoomOptions) => void;
} {
  const client = useQueryClient();
  const router = useRouter();
  const { mutate, isPending, data } = useMutation({
    // It answers the failure alone: what a mutation answers is kept by the cache, and the key may not be.
    mutationFn: async (options: OpenRoomOptions): Promise<Failure | 'opened'> => {
      const answer = await openSealedRoom(browserApi(), options);
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
