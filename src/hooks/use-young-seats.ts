'use client';

import { useSyncExternalStore } from 'react';
import type { MessageEntry } from '@/session/messages/transcript';
import { createYoungSeats, type YoungSeats } from '@/session/people/young-seats';
import type { RoomSession } from '@/session/room-session';

const bySession = new WeakMap<RoomSession, YoungSeats>();

function youngSeatsOf(session: RoomSession): YoungSeats {
  const known = bySession.get(session);
  if (known !== undefined) return known;
  const made = createYoungSeats(session);
  bySession.set(session, made);
  return made;
}

/** Whether the links of a message stay text: its author had only just come to a room that strangers find. */
export function useIsFromYoungSeat(session: RoomSession, message: MessageEntry): boolean {
  const { subscribe, isFromYoungSeat } = youngSeatsOf(session);
  const read = () => isFromYoungSeat(message);
  return useSyncExternalStore(subscribe, read, read);
}
