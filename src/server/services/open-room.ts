import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { hashToken, newMemberId, newRequestId, newRoomId, newToken } from '@/server/auth/tokens';
import { enterLobby, leaveLobby } from '@/server/storage/lobby';
import { type RoomSettings, storeRoom } from '@/server/storage/rooms';
import { storageFull } from '@/server/storage/unavailable';
import type { ServerContext } from './context';
import { tidily } from './listing';

export interface OpenedRoom {
  room: Room;
  seat: Seat;
  token: string;
}

/** The settings of a room as its maker gives them, and the leases of their address. */
type OpenRoomSettings = Omit<RoomSettings, 'files' | 'living'>;

/**
 * Makes a room whose maker is seated as its owner. A listed one stands in the index before it is there, so no death of a process leaves
 * it out; until it is there, its id shows nothing.
 *
 * @throws RoomError `storage_full` when the storage holds all that it may: the rooms that are there come first.
 */
export async function openRoom(
  { storage, files, lobby }: Pick<ServerContext, 'storage' | 'files' | 'lobby'>,
  settings: OpenRoomSettings,
): Promise<OpenedRoom> {
  if (storage.isFull()) throw storageFull();
  const token = newToken();
  const memberId = settings.sealing?.memberId ?? newMemberId();
  const ids = { roomId: newRoomId(), memberId, tokenHash: hashToken(token) };
  const store = (living = '') => storeRoom(storage.redis, { ...settings, ...ids, files, living });
  if (lobby === null) return { ...(await store()), token };
  const living = newRequestId();
  const listedId = settings.steering?.listed === true ? ids.roomId : '';
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
