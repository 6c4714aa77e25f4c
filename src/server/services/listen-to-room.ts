import 'server-only';
import * as z from 'zod/mini';
import { compareCursors, type Cursor, cursorSchema, readableCursor } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { Sink } from '@/server/realtime/listener';
import { roomKeys } from '@/server/storage/keys';
import { flag } from '@/server/storage/scripts/script';
import { authorizeStreamScript } from '@/server/storage/scripts/streams';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

const seatSchema = z.tuple([memberIdSchema, z.coerce.number(), z.coerce.number(), cursorSchema, z.coerce.number(), z.string()]);

export interface ListenToRoom extends RoomRequest {
  /** The last event the listener has seen; absent means from now on. */
  lastAck: Cursor | null;
  address: string;
  /** Called once the credential holds: from then on the answer is a stream. */
  openSink: () => Sink;
}

/**
 * Begins a member's stream, in one command: the check of the credential also tells that the member is
 * here. The returned function is to be called when the stream's reader has gone.
 */
export async function listenToRoom(
  { storage, hub }: ServerContext,
  { roomId, tokenHash, lastAck, address, openSink }: ListenToRoom,
): Promise<() => void> {
  const { processId, leaseMs, gatherMs, wantsHere } = hub.claim(roomId);
  const askedAt = performance.now();
  const reply = await authorizeStreamScript.run(storage.redis, roomKeys(roomId), [
    roomId, tokenHash, processId, leaseMs, gatherMs, flag(wantsHere),
  ]);
  const [memberId, expiresAt, now, newest, waitMs, here] = seatSchema.parse(accepted(reply).rest);
  return hub.listen({
    roomId, memberId, cursor: startOf(lastAck, newest), newest, leftMs: expiresAt - now, address,
    askedAt, waitMs, here: here === '' ? null : here, openSink,
  });
}

/** A cursor from the future counts as the newest: nothing of the room is held back for it. */
function startOf(lastAck: Cursor | null, newest: Cursor): Cursor {
  const asked = lastAck === null ? newest : readableCursor(lastAck);
  return compareCursors(asked, newest) > 0 ? newest : asked;
}
