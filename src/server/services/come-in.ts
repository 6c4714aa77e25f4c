import 'server-only';
import { RoomError } from '@/domain/errors';
import type { JoinRoom } from '@/domain/requests';
import { hashToken } from '@/server/auth/tokens';
import { countGuesses, limitAddress } from './address-limits';
import { forgetWaiting, isAtTheDoor, noteWaiting } from './at-the-door';
import type { RoomRequest, ServerContext } from './context';
import { type JoinedRoom, joinRoom, type WaitingAtDoor } from './join-room';

/**
 * Asks for a seat. Anyone who does may have none yet, so no credential vouches for them: each asking counts for the address, but for that of
 * somebody who waits at the door and has been counted.
 */
export async function comeIn(
  context: ServerContext,
  { roomId, tokenHash, address, body }: RoomRequest & { address: string; body: JoinRoom },
): Promise<JoinedRoom | WaitingAtDoor> {
  const waits = isAtTheDoor(context, { roomId, tokenHash });
  try {
    const taken = await countGuesses(context, { roomId, address, proof: body.proof }, async () => {
      if (!waits) await limitAddress(context, 'joins', address);
      return joinRoom(context, { ...body, roomId, tokenHash, address });
    });
    if (!('knockId' in taken)) forgetWaiting(context, { roomId, tokenHash });
    else noteWaiting(context, { roomId, tokenHash: taken.token === null ? tokenHash : hashToken(taken.token) });
    return taken;
  } catch (error) {
    if (!(error instanceof RoomError && error.reason === 'rate_limited')) forgetWaiting(context, { roomId, tokenHash });
    throw error;
  }
}
