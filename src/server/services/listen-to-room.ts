import 'server-only';
import * as z from 'zod/mini';
import { compareCursors, type Cursor, cursorSchema, readableCursor } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import { hereToldSchema } from '@/server/realtime/here-list';
import type { StreamClaim } from '@/server/realtime/hub';
import type { Sink } from '@/server/realtime/listener';
import { roomKeys } from '@/server/storage/keys';
import { flag } from '@/server/storage/lua/script';
import { authorizeStreamScript } from '@/server/storage/presence';
import type { ServerContext } from './context';
import { accepted, type RoomRequest } from './reply';

const seatSchema = z.tuple([memberIdSchema, z.coerce.number(), z.coerce.number(), cursorSchema, z.coerce.number()]);

export interface ListenToRoom extends RoomRequest {
  /** The last event the listener has seen; absent means from now on. */
  lastAck: Cursor | null;
  address: string;
  /** Called once the credential holds: from then on the answer is a stream. */
  openSink: () => Sink;
}

/**
 * Begins a member's stream: in no command where this process has had a stream of theirs until a moment
 * ago, else in one, by which the check of the credential also tells that the member is here. The
 * returned function is to be called when the stream's reader has gone.
 */
export async function listenToRoom(
  { storage, hub }: ServerContext,
  { roomId, tokenHash, lastAck, address, openSink }: ListenToRoom,
): Promise<() => void> {
  const claim = hub.claim({ roomId, tokenHash, address });
  try {
    const known = hub.recall(claim, lastAck);
    if (known !== null) return hub.listen(claim, { ...known, leftMs: 0, openSink });
    return hub.listen(claim, { ...(await checkCredential(storage, claim, lastAck)), openSink });
  } catch (error) {
    claim.cancel();
    throw error;
  }
}

async function checkCredential(storage: ServerContext['storage'], claim: StreamClaim, lastAck: Cursor | null) {
  const { roomId, tokenHash, processId, leaseMs, gatherMs, wantsHere, waitMs: refusedMs } = claim;
  const askedAt = performance.now();
  const reply = await authorizeStreamScript.run(storage.redis, roomKeys(roomId), [
    roomId,
    tokenHash,
    processId,
    leaseMs,
    gatherMs,
    flag(wantsHere),
    Math.ceil(refusedMs),
  ]);
  const { rest } = accepted(reply);
  const [memberId, expiresAt, now, newest, waitMs] = seatSchema.parse(rest.slice(0, 5));
  const told = hereToldSchema.parse(rest.slice(5));
  return { memberId, cursor: startOf(lastAck, newest), newest, leftMs: expiresAt - now, askedAt, waitMs, told };
}

/** A cursor from the future counts as the newest: nothing of the room is held back for it. */
function startOf(lastAck: Cursor | null, newest: Cursor): Cursor {
  const asked = lastAck === null ? newest : readableCursor(lastAck);
  return compareCursors(asked, newest) > 0 ? newest : asked;
}
