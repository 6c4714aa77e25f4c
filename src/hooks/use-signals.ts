'use client';

import { useSyncExternalStore } from 'react';
import type { MemberId } from '@/domain/room';
import type { SeenMarks } from '@/session/signals/seen-marks';
import type { RoomSession } from '@/session/room-session';
import { useMembers, type Person } from './use-members';
import { useStore } from './use-store';

/** The others who are writing, in the order in which they began. */
export function useTypingPeople(session: RoomSession): readonly Person[] {
  const typing = useStore(session.signals.typing);
  return among(useMembers(session), typing);
}

/** The others who have read up to a message and no further; undefined where there are none. Changes only with this message. */
export function useSeenBy({ signals: { seen } }: RoomSession, messageKey: string): readonly MemberId[] | undefined {
  const find = () => seen.get().get(messageKey);
  return useSyncExternalStore(seen.subscribe, find, find);
}

/** Where everybody is in the talk: another value whenever a mark has moved. */
export function useSeenMarks({ signals }: RoomSession): SeenMarks {
  return useStore(signals.seen);
}

export function usePeopleOf(session: RoomSession, memberIds: readonly MemberId[]): readonly Person[] {
  return among(useMembers(session), memberIds);
}

const among = (people: readonly Person[], memberIds: readonly MemberId[]): readonly Person[] =>
  memberIds.flatMap((memberId) => people.find((person) => person.memberId === memberId) ?? []);
