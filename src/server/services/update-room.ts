import 'server-only';
import { CHANGES_PER_MEMBER } from '@/domain/limits';
import type { Room } from '@/domain/room';
import { changeRoom } from '@/server/storage/rooms';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

/** Locks the room, so that it takes no new member, or unlocks it. Only its owner can. */
export async function updateRoom(context: ServerContext, request: RoomRequest & { locked: boolean }): Promise<Room> {
  return changeRoom(context.storage.redis, { ...request, rate: rateIn(context, CHANGES_PER_MEMBER) });
}
