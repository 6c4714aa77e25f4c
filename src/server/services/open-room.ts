import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { hashToken, newMemberId, newRoomId, newToken } from '@/server/auth/tokens';
import { type RoomSettings, storeRoom } from '@/server/storage/rooms';
import { storageFull } from '@/server/storage/unavailable';
import type { ServerContext } from './context';

export interface OpenedRoom {
  room: Room;
  seat: Seat;
  token: string;
}

/**
 * Makes a room whose maker is seated as its owner.
 *
 * @throws RoomError `storage_full` when the storage holds all that it may: the rooms that are there come first.
 */
export async function openRoom(
  { storage, files }: Pick<ServerContext, 'storage' | 'files'>,
  settings: Omit<RoomSettings, 'files'>,
): Promise<OpenedRoom> {
  if (storage.isFull()) throw storageFull();
  const token = newToken();
  const memberId = settings.sealing?.memberId ?? newMemberId();
  const ids = { roomId: newRoomId(), memberId, tokenHash: hashToken(token) };
  return { ...(await storeRoom(storage.redis, { ...settings, ...ids, files })), token };
}
