import 'server-only';
import { CHANGES_PER_MEMBER } from '@/domain/limits';
import type { UpdateRoom } from '@/domain/requests';
import type { Room } from '@/domain/room';
import { changeRoom } from '@/server/storage/change-room';
import { leaveLobby } from '@/server/storage/lobby';
import type { RoomRequest, ServerContext } from './context';
import { followChange, prepareListing, refuseUnlistable, tidily } from './listing';
import { rateIn } from './rates';

interface Update extends RoomRequest {
  change: UpdateRoom;
  address: string;
}

/** Changes what the owner may say of a room: its lock, who may come in, whether it is listed, its slow mode. Only its owner can. */
export async function updateRoom(context: ServerContext, update: Update): Promise<Room> {
  const { change, address, ...request } = update;
  const { redis } = context.storage;
  const prepared =
    change.listed === true ? await prepareListing(context, { ...request, address, topic: change.topic }) : null;
  try {
    const rate = rateIn(context, CHANGES_PER_MEMBER);
    const { listing, addressHash } = prepared ?? { listing: '', addressHash: '' };
    const needsLease = context.rateLimits;
    const changed = await changeRoom(redis, { ...request, change, listing, addressHash, needsLease, rate });
    // It was unlisted since it was looked at, and has given its lease back.
    if (changed.status === 'unleased') return await updateRoom(context, update);
    if (changed.status === 'unfit') throw refuseUnlistable(changed.path);
    const { room, freed } = changed;
    await followChange(context, room, { freed, prepared });
    if (change.listed === false) await tidily(leaveLobby(redis, { listedId: room.roomId }));
    return room;
  } catch (error) {
    await prepared?.undo();
    throw error;
  }
}
