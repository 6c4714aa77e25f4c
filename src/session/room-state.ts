import type { Answer } from '@/domain/failure';
import type { Room } from '@/domain/room';
import { deriveStore } from '@/lib/derived-store';
import { createStore, type Readable } from '@/lib/store';
import { createMeanwhile } from './meanwhile';

export interface RoomState extends Readable<Room> {
  /** When it ends, which may move. */
  readonly ends: Readable<number>;
  /** Applies what an event says. */
  readonly change: (change: Partial<Room>) => void;
  /** Takes over the room of an answer, unless the call fails. Must be given the call as it begins. */
  readonly take: <T>(call: Promise<Answer<T>>, roomOf: (value: T) => Room) => Promise<Answer<T>>;
}

/** The room itself, as the server's answers and the events describe it. */
export function createRoomState(initial: Room): RoomState {
  const store = createStore(initial);
  const meanwhile = createMeanwhile<Partial<Room>>();
  // An end only moves further away: events that are heard again, or late, do not bring an earlier one back.
  const withChange = (known: Room, change: Partial<Room>): Room => ({
    ...known,
    ...change,
    expiresAt: Math.max(known.expiresAt, change.expiresAt ?? 0),
  });
  return {
    get: store.get,
    subscribe: store.subscribe,
    ends: deriveStore([store], () => store.get().expiresAt),
    change: (change) => {
      meanwhile.note(change);
      store.set(withChange(store.get(), change));
    },
    take: async (call, roomOf) => {
      const finish = meanwhile.begin();
      const answer = await call;
      const changes = finish();
      if (!answer.ok) return answer;
      const room = roomOf(answer.value);
      // Of two answers that crossed, the one that the server made later counts.
      if (room.now >= store.get().now) {
        store.set(changes.reduce(withChange, room));
      }
      return answer;
    },
  };
}
