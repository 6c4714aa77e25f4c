import 'server-only';
import * as z from 'zod/mini';
import { roomKeys } from '@/server/storage/keys';
import { destroyRoomScript } from '@/server/storage/rooms';
import { giveBackRoom } from './address-rooms';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

const leaseSchema = z.tuple([z.string()]);

/** Ends the room for everybody, at once and without a trace. Only its owner can. */
export async function destroyRoom(context: ServerContext, { roomId, tokenHash }: RoomRequest): Promise<void> {
  const { rest } = accepted(await destroyRoomScript.run(context.storage.redis, roomKeys(roomId), [roomId, tokenHash]));
  const [lease] = leaseSchema.parse(rest);
  await giveBackRoom(context, lease);
}
