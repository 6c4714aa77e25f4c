import 'server-only';
import type { Room, Seat } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { hashToken, newMemberId, newRoomId, newToken } from '@/server/auth/tokens';
import { storeRoom } from '@/server/storage/rooms';
import { storageFull } from '@/server/storage/unavailable';
import type { RoomLease } from './address-rooms';
import type { ServerContext } from './context';

export interface OpenedRoom {
  room: Room;
  seat: Seat;
  token: string;
}

export interface OpenRoomRequest {
  lifetimeMs: number;
  maxMembers: number;
  /** There when the room is sealed. */
  keyCheck?: KeyCheck | undefined;
  lease?: RoomLease;
}

/**
 * Makes a room whose maker is seated as its owner.
 *
 * @throws RoomError `storage_full` when the storage holds all that it may: the rooms that are there come first.
 */
export async function openRoom(
  { storage }: ServerContext,
  { keyCheck, lease = '', ...settings }: OpenRoomRequest,
): Promise<OpenedRoom> {
  if (storage.isFull()) throw storageFull();
  const token = newToken();
  const { room, seat } = await storeRoom(storage.redis, {
    ...settings,
    sealed: keyCheck !== undefined,
    keyCheck: keyCheck ?? '',
    roomId: newRoomId(),
    memberId: newMemberId(),
    tokenHash: hashToken(token),
    lease,
  });
  return { room, seat, token };
}
