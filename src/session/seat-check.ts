import type { RoomView } from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import { timed } from './server-clock';
import type { SessionContext } from './session-context';
import { endReasonOf, isGone } from './visit';

export interface SeatCheck {
  /** Reads the room, and ends the session when this browser's seat is not this session's any more. */
  readonly readRoom: () => Promise<Answer<RoomView>>;
  /** Checks that room and seat still exist, and ends the session if not. The failure when there was no way to know, else null. */
  readonly confirm: () => Promise<Failure | null>;
}

export function createSeatCheck(context: SessionContext): SeatCheck {
  const { api, roomId, self, clock, room, over, end, reseat } = context;
  let confirming: Promise<Failure | null> | undefined;

  async function readRoom() {
    const { value: answer, at } = await timed(room.take(api.readRoom(roomId), ({ you: _you, ...view }) => view));
    if (over.aborted || !answer.ok) return answer;
    const { now, you } = answer.value;
    clock.measure(now, at);
    if (you === null) end('signed-out');
    // Another tab of this browser has joined again.
    else if (you.memberId !== self) reseat();
    return answer;
  }

  async function check() {
    const answer = await readRoom();
    if (over.aborted || answer.ok) return null;
    if (!isGone(answer.failure)) return answer.failure;
    end(endReasonOf(room.get().expiresAt, clock.now));
    return null;
  }

  return {
    readRoom,
    confirm: () =>
      (confirming ??= check().finally(() => {
        confirming = undefined;
      })),
  };
}
