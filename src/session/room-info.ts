import type { Room } from '@/domain/room';
import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { People } from './people/people';
import type { RoomInfo } from './room-session';
import type { SessionContext } from './session-context';
import type { Visit } from './visit';

/** The room as its header shows it. */
export function createRoomInfo(
  { room, ownName, self, voice }: SessionContext,
  { seat, link }: Visit,
  people: People,
): Readable<RoomInfo> {
  return deriveStore([room, ownName, people.list], () => {
    const seated = people.list.get();
    const isRead = seated.length > 0;
    const known = room.get();
    // Until the seats have been read, the number that came with the room counts; this member is here for sure.
    const counts: Partial<Room> = isRead
      ? { members: seated.length, here: seated.filter(({ here }) => here).length }
      : { here: Math.max(1, known.here) };
    return {
      room: { ...known, ...counts },
      you: { memberId: self, owner: isRead ? people.ownerId() === self : seat.owner, name: ownName.get() },
      safetyPhrase: voice.safetyPhrase,
      link,
    };
  });
}
