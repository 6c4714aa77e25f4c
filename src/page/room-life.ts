import type { Room } from '@/domain/room';

/** All that a page keeps of a room when it has ended. */
export interface RoomLife {
  /** Rounded; 0: less than one. */
  readonly minutes: number;
  /** How many ever had a seat, as far as this page knows. */
  readonly people: number;
}

/** A room as it was last seen. */
export interface SeenRoom extends Pick<Room, 'createdAt' | 'expiresAt'> {
  readonly people: number;
}

const MINUTE_MS = 60_000;

/** What the page says of a room that was seen, and ended at `now` at the latest. */
export function lifeOf({ createdAt, expiresAt, people }: SeenRoom, now: number): RoomLife {
  const livedMs = Math.min(now, expiresAt) - createdAt;
  return { minutes: livedMs < MINUTE_MS ? 0 : Math.round(livedMs / MINUTE_MS), people };
}

/** The room as it is seen now; those who were seen before had a seat, too. */
export function seeRoom(before: SeenRoom | null, { createdAt, expiresAt, members }: Room): SeenRoom {
  return { createdAt, expiresAt, people: Math.max(before?.people ?? 0, members) };
}
