import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { hashToken, newMemberId, newRequestId, newRoomId, newToken } from '@/server/auth/tokens';
import { enterLobby, leaveLobby } from '@/server/storage/lobby';
import { type RoomSettings, storeRoom } from '@/server/storage/rooms';
import { storageFull } from '@/server/storage/unavailable';
import { hashInRoom } from './address-limits';
import type { ServerContext } from './context';
import { tidily } from './listing';

export interface OpenedRoom {
  room: Room;
  seat: Seat;
  token: string;
}

/** The settings of a room as its maker gives them, where they are, and the leases of their address. */
type OpenRoomSettings = Omit<RoomSettings, 'files' | 'living' | 'addressHash'> & { address?: string };

/**
 * Makes a room whose maker is seated as its owner. A listed one stands in the index before it is there, so no death of a process leaves
 * it out; until it is there, its id shows nothing.
 *
 * @throws RoomError `storage_full` when the storage holds all that it may: the rooms that are there come first.
 */
export async function openRoom(
  context: Pick<ServerContext, 'storage' | 'files' | 'lobby'>,
  { address, ...settings }: OpenRoomSettings,
): Promise<OpenedRoom> {
  const { storage, files, lobby } = context;
  if (storage.isFull()) throw storageFull();
  const token = newToken();
  const memberId = settings.sealing?.memberId ?? newMemberId();
  const ids = { roomId: newRoomId(), memberId, tokenHash: hashToken(token) };
  const isListed = settings.steering?.listed === true;
  const addressHash = isListed && address !== undefined ? await hashInRoom(context, ids.roomId, address) : '';
  const store = (living = '') => storeRoom(storage.redis, { ...settings, ...ids, addressHash, files, living });
  if (lobby === null) return { ...(await store()), token };
  const living = newRequestId();
  const listedId = isListed ? ids.roomId : '';
  const entering = enterLobby(storage.redis, { token: living, listedId, lifetimeMs: settings.lifetimeMs });
  if (listedId !== '') await entering;
  try {
    const [stored] = await Promise.all([store(living), tidily(entering)]);
    return { ...stored, token };
  } catch (error) {
    await tidily(leaveLobby(storage.redis, { token: living, listedId }));
    throw error;
  }
}
