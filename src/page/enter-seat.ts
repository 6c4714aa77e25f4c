import type { RoomKeys } from '@/crypto/room-keys';
import type { Room, Seat } from '@/domain/room';
import { arrived, createDeferred } from '@/lib/deferred';
import { enterRoom } from './inside';
import type { LinkKeys } from './link-keys';
import type { PageContext } from './page-context';
import { findSeatKeys } from './seat-keys';

/** Few browsers lose their keys while they keep their cookie. */
const lostKeys = createDeferred(() => import('./lost-keys'));

/** Shows the room to somebody who has a seat, once the keys of that seat are there. */
export async function enterSeat(
  context: PageContext,
  room: Room,
  seat: Seat,
  { keys, isReplaced }: LinkKeys,
  left: AbortSignal,
): Promise<void> {
  const kept = keys === null ? null : await findSeatKeys(context, seat.memberId);
  if (left.aborted) return;
  if (keys === null || kept !== null) await enterRoom(context, { room, seat, keys, kept });
  // Without keys no wrap opens, so this link leads no further.
  else if (isReplaced) context.screen.set({ state: 'key-replaced', draft: context.draft, seated: true });
  else await giveNewKeys(context, room, seat, keys, left);
}

async function giveNewKeys(context: PageContext, room: Room, seat: Seat, keys: RoomKeys, left: AbortSignal) {
  const { moveSeat } = await arrived(lostKeys);
  if (!left.aborted) await moveSeat(context, room, seat, keys, left);
}
