'use client';

import { useState } from 'react';
import type { MemberId } from '@/domain/room';
import { arrived } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import type { Ask, TalkOffer, Talks } from '@/session/private-talk/private-talk';
import type { RoomSession } from '@/session/room-session';
import type { Person } from '@/session/people/roster';
import { useMembers } from './use-members';
import { useRoomInfo } from './use-room-info';
import { useStore } from './use-store';

const NEVER = createStore(null);

/** The private talks of this page; null until somebody has whispered, or was asked. */
export function useTalks({ privateTalk }: RoomSession): Talks | null {
  return useStore(privateTalk ?? NEVER);
}

/** Those that were asked for, and those that were offered. */
export function useTalkToasts({ asks, offers }: Talks): { asks: readonly Ask[]; offers: readonly TalkOffer[] } {
  return { asks: useStore(asks), offers: useStore(offers) };
}

/** Returns a function that says how to ask a person for a private talk; null where that cannot be. */
export function useTalkPrivately(session: RoomSession): (person: Person) => (() => void) | null {
  const { privateTalk } = session;
  const { muted } = useRoomInfo(session);
  const ask = (to: MemberId) => {
    if (privateTalk !== null) void arrived(privateTalk).then((talks) => talks.ask(to));
  };
  return ({ memberId, self, unverified }) =>
    privateTalk === null || muted !== null || self || unverified ? null : () => ask(memberId);
}

/** How somebody is named who may have left meanwhile. */
export function useNameOf(session: RoomSession, memberId: MemberId): Pick<Person, 'memberId' | 'name' | 'mark'> {
  const seated = useMembers(session).find((person) => person.memberId === memberId);
  const [last, setLast] = useState(seated);
  if (seated !== undefined && seated !== last) setLast(seated);
  return last ?? { memberId, name: null };
}
