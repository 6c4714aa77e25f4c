import type { RoomOffer } from '@/domain/content';
import type { RoomId } from '@/domain/room';

/** The room that somebody is on their way to from another one. In this page's memory alone: a link that is opened later shows the door. */
let wanted: RoomId | null = null;

/** Somebody goes to a new room, past its door and under the name that they have. Returns where it is. */
export function goOver({ roomId, secret }: RoomOffer): string {
  wanted = roomId;
  return `/room/${roomId}${secret === undefined ? '' : `#${secret}`}`;
}

/** Whether somebody comes to this room from another one; asked once. */
export function isComingOver(roomId: RoomId): boolean {
  const isWanted = wanted === roomId;
  wanted = null;
  return isWanted;
}
