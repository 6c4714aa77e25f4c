'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RoomOffer } from '@/domain/content';
import type { Failure } from '@/domain/failure';
import { goOver } from '@/page/going-over';
import type { RoomSession } from '@/session/room-session';
import { openRoomHere } from './use-open-room';
import { useNameWords } from './use-name-words';

/** Goes to the room of an offer, past its door. */
export function useGoingOver(): (offer: RoomOffer) => void {
  const router = useRouter();
  return (offer) => router.push(goOver(offer));
}

/** Makes another room like this one, and offers it to everybody here. */
export function useNewRoom(session: RoomSession): { making: boolean; failure: Failure | null; makeRoom: () => void } {
  const names = useNameWords();
  const [making, setMaking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function makeAndOffer() {
    const { createdAt, expiresAt, maxMembers, sealed } = session.info.get().room;
    setMaking(true);
    setFailure(null);
    const lifetimeSeconds = Math.round((expiresAt - createdAt) / 1_000);
    const answer = await openRoomHere({ lifetimeSeconds, maxMembers }, names, sealed);
    setMaking(false);
    if (answer.ok) session.offerRoom(answer.value.offer);
    else setFailure(answer.failure);
  }

  return {
    making,
    failure,
    makeRoom: () => {
      if (!making) void makeAndOffer();
    },
  };
}
