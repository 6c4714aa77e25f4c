import type { Room } from '@/domain/room';
import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { SealedRoom } from './keys/sealed-room';
import type { People } from './people/people';
import type { RoomInfo } from './room-session';
import type { SessionContext } from './session-context';
import type { Visit } from './visit';

/** The room as its header shows it. */
export function createRoomInfo(
  { room, ownName, self, sealedRoom }: SessionContext,
  { seat, linkOf }: Visit,
  people: People,
): Readable<RoomInfo> {
  const ofKeys = sealedRoom === null ? [] : [sealedRoom.ring, sealedRoom.epochs.standing];
  return deriveStore([room, ownName, people.list, ...ofKeys], () => {
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
      safetyPhrase: sealedRoom?.ring.get().keys.phraseBytes ?? null,
      link: linkOf(sealedRoom?.ring.get().keys.secret ?? null),
      muted: mutedBy(sealedRoom),
      canRekey: sealedRoom?.canRekey(seated.length) ?? false,
    };
  });
}

/** Why this page sends nothing, in a sealed room. */
export function mutedBy(sealedRoom: SealedRoom | null): RoomInfo['muted'] {
  if (sealedRoom === null) return null;
  if (sealedRoom.identity === null) return 'keys-lost';
  const standing = sealedRoom.epochs.standing.get();
  return standing.state === 'refused' ? standing.trouble : null;
}
