import 'server-only';
import * as z from 'zod/mini';
import { compareCursors, type Cursor, cursorSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { Sink } from '@/server/realtime/listener';
import { roomKeys } from '@/server/storage/keys';
import { authorizeStreamScript } from '@/server/storage/scripts/streams';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

const seatSchema = z.tuple([memberIdSchema, z.coerce.number(), z.coerce.number(), cursorSchema]);

export interface ListenToRoom extends RoomRequest {
  /** The last event the listener has seen; absent means from now on. */
  lastAck: Cursor | null;
  address: string;
  /** Called once the credential holds: from then on the answer is a stream. */
  openSink: () => Sink;
}

/** Begins a member's stream. The returned function is to be called when its reader has gone. */
export async function listenToRoom(
  { storage, hub }: ServerContext,
  { roomId, tokenHash, lastAck, address, openSink }: ListenToRoom,
): Promise<() => void> {
  const reply = await authorizeStreamScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash]);
  const [memberId, expiresAt, now, newest] = seatSchema.parse(accepted(reply).rest);
  // A cursor from the future counts as the newest: nothing of the room is held back for it.
  const cursor = lastAck === null || compareCursors(lastAck, newest) > 0 ? newest : lastAck;
  return hub.listen({ roomId, memberId, cursor, leftMs: expiresAt - now, address, openSink });
}
