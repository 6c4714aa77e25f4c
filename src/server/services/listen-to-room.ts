import 'server-only';
import { compareCursors, type Cursor, readableCursor } from '@/domain/message';
import type { StreamClaim } from '@/server/realtime/hub';
import type { Sink } from '@/server/realtime/listener';
import { authorizeStream } from '@/server/storage/presence';
import type { RoomRequest, ServerContext } from './context';

export interface ListenToRoom extends RoomRequest {
  /** The last event the listener has seen; absent means from now on. */
  lastAck: Cursor | null;
  address: string;
  /** Called once the credential holds: from then on the answer is a stream. */
  openSink: () => Sink;
}

/**
 * Begins a member's stream: without a command where this process has had a stream of theirs until a moment
 * ago, else with one, which checks the credential and also reports that the member is here. The
 * returned function is to be called when the stream's reader has disconnected.
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
  const { here, ...stream } = await authorizeStream(storage.redis, {
    roomId,
    tokenHash,
    processId,
    leaseMs,
    gapMs: gatherMs,
    wantsHere,
    refusedMs: Math.ceil(refusedMs),
  });
  return { ...stream, cursor: startOf(lastAck, stream.newest), askedAt, told: here };
}

/** A cursor from the future counts as the newest: nothing of the room is held back for it. */
function startOf(lastAck: Cursor | null, newest: Cursor): Cursor {
  const asked = lastAck === null ? newest : readableCursor(lastAck);
  return compareCursors(asked, newest) > 0 ? newest : asked;
}
