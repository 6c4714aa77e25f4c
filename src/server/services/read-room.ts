import 'server-only';
import type { Room, Seat } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { readRoomScript } from '@/server/storage/rooms';
import type { ServerContext } from './context';
import { limitReads, readArguments } from './limit-reads';
import { accepted, roomOf, type RoomRequest } from './reply';

/** The room and one's own seat. Changes nothing and seats nobody, so that a link preview costs no seat. */
export async function readRoom(
  context: ServerContext,
  request: RoomRequest,
): Promise<{ room: Room; seat: Seat | null }> {
  const { roomId, tokenHash } = request;
  const reply = await limitReads(context, 'room', request, () =>
    readRoomScript.run(context.storage.redis, roomKeys(roomId), [roomId, tokenHash, ...readArguments(context)]),
  );
  return roomOf(roomId, accepted(reply).rest);
}
