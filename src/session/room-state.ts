import type { Answer } from '@/domain/failure';
import type { Room } from '@/domain/room';

export interface RoomState {
  readonly get: () => Room;
  /** What an event says. */
  readonly change: (change: Partial<Room>) => void;
  /**
   * Takes the room that an answer tells of, unless the call fails; to be given the call as it is made. What
   * events changed since is done again on top, for the answer may be older than they are.
   */
  readonly take: <T>(call: Promise<Answer<T>>, roomOf: (value: T) => Room) => Promise<Answer<T>>;
}

/** The room itself, as the server's answers and the events say. */
export function createRoomState(initial: Room, onChange: () => void): RoomState {
  let room = initial;
  const calls = new Set<Partial<Room>[]>();

  function set(next: Room) {
    room = next;
    onChange();
  }

  return {
    get: () => room,
    change: (change) => {
      for (const later of calls) later.push(change);
      set({ ...room, ...change });
    },
    take: async (call, roomOf) => {
      const later: Partial<Room>[] = [];
      calls.add(later);
      const answer = await call;
      calls.delete(later);
      if (!answer.ok) return answer;
      const told = roomOf(answer.value);
      // Of two answers that crossed, the one that the server made later stands.
      if (told.now >= room.now) set(later.reduce<Room>((known, change) => ({ ...known, ...change }), told));
      return answer;
    },
  };
}
