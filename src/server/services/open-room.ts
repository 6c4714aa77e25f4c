import 'server-only';
import { RoomError } from '@/domain/errors';
import type { Room, Seat } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { hashToken, newMemberId, newRoomId, newToken } from '@/server/auth/tokens';
import { roomKeys } from '@/server/storage/keys';
import { openRoomScript } from '@/server/storage/rooms';
import { flag } from '@/server/storage/lua/script';
import { storageFull } from '@/server/storage/unavailable';
import type { RoomLease } from './address-rooms';
import type { ServerContext } from './context';
import { accepted, seatedRoomOf } from './reply';

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
  { lifetimeMs, maxMembers, keyCheck, lease = '' }: OpenRoomRequest,
): Promise<OpenedRoom> {
  if (storage.isFull()) throw storageFull();
  const [roomId, memberId, token] = [newRoomId(), newMemberId(), newToken()];
  const sealed = flag(keyCheck !== undefined);
  const { status, rest } = accepted(
    await openRoomScript.run(storage.redis, roomKeys(roomId), [
      roomId,
      lifetimeMs,
      maxMembers,
      sealed,
      keyCheck ?? '',
      memberId,
      hashToken(token),
      lease,
    ]),
  );
  // 130 random bits do not meet twice, and if they do, nobody's room is touched.
  if (status !== 'ok') throw new RoomError('internal_error');
  return { ...seatedRoomOf(roomId, rest), token };
}
