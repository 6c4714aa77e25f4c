import { YOUNG_SEAT_MS } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';

export interface YoungSeats {
  /**
   * Whether somebody wrote within a minute of sitting down in a listed room, by the message's time: it is the same whenever one looks.
   * Of members who left before this page came nobody knows when they sat down, and they count as newcomers.
   */
  readonly isFromYoungSeat: (message: Pick<MessageEntry, 'memberId' | 'self' | 'timestamp'>) => boolean;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createYoungSeats({ people, info }: Pick<RoomSession, 'people' | 'info'>): YoungSeats {
  const seatedAt = new Map<MemberId, number>();
  let wasListed = false;

  function note() {
    // A room that leaves the front page keeps what was said while it stood there as it was.
    wasListed ||= info.get().room.listed;
    for (const { memberId, joinedAt } of people.get()) if (!seatedAt.has(memberId)) seatedAt.set(memberId, joinedAt);
  }

  note();
  people.subscribe(note);
  info.subscribe(note);
  return {
    isFromYoungSeat: ({ memberId, self, timestamp }) =>
      wasListed && !self && timestamp - (seatedAt.get(memberId) ?? timestamp) < YOUNG_SEAT_MS,
    subscribe: (listener) => {
      const stops = [people.subscribe(listener), info.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
