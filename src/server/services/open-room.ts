import 'server-only';
import { RoomError } from '@/domain/errors';
import type { Room, Seat } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { hashToken, newMemberId, newRoomId, newToken } from '@/server/auth/tokens';
import { roomKeys } from '@/server/storage/keys';
import { openRoomScript } from '@/server/storage/scripts/rooms';
import { flag } from '@/server/storage/scripts/script';
import { storageFull } from '@/server/storage/unavailable';
import type { ServerContext } from './context';
import { accepted, seatedRoomOf } from './reply';

export interface OpenedRoom {
  room: Room;
  seat: Seat;
  token: string;
}

/**
 * Makes a room whose maker is seated as its owner. `keyCheck` is there when the room is sealed.
 *
 * @throws RoomError `storage_full` when the storage holds all that it may: the rooms that are there come first.
 */
export async function openRoom(
  { storage }: ServerContext,
  { lifetimeMs, maxMembers, keyCheck }: { lifetimeMs: number; maxMembers: number; keyCheck?: KeyCheck | undefined },
): Promise<OpenedRoom> {
  if (storage.isFull()) throw storageFull();
  const [roomId, memberId, token] = [newRoomId(), newMemberId(), newToken()];
  const sealed = flag(keyCheck !== undefined);
  const { status, rest } = accepted(
    await openRoomScript.run(storage.redis, roomKeys(roomId), [
      roomId, lifetimeMs, maxMembers, sealed, keyCheck ?? '', memberId, hashToken(token),
    ]),
  );
  // 130 random bits do not meet twice, and if they do, nobody's room is touched.
  if (status !== 'ok') throw new RoomError('internal_error');
  return { ...seatedRoomOf(roomId, rest), token };
}
