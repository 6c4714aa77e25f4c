import type { ListedRoom } from '@/domain/lobby';

/** A public room in its place. `isGone`: it is no longer listed, and stays only as long as somebody is about to press something. */
export interface ShownRoom extends ListedRoom {
  readonly isGone?: true;
}

/**
 * Puts what was read in the place of what is shown. While somebody's pointer or focus is among the rooms (`isHeld`), nothing moves from under
 * it: rooms keep their places, new ones come behind, and one that is no longer listed stays where it stood until they are done.
 */
export function arrangeRooms(
  shown: readonly ShownRoom[],
  listed: readonly ListedRoom[],
  isHeld: boolean,
): readonly ShownRoom[] {
  if (!isHeld) return listed;
  const next = new Map(listed.map((room) => [room.roomId, room]));
  const kept = shown.map((room): ShownRoom => next.get(room.roomId) ?? { ...room, isGone: true });
  const known = new Set(shown.map(({ roomId }) => roomId));
  return [...kept, ...listed.filter(({ roomId }) => !known.has(roomId))];
}
