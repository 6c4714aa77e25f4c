import 'server-only';
import { newRequestId } from '@/server/auth/tokens';
import { giveUpSeat } from '@/server/storage/seats';
import type { RoomRequest, ServerContext } from './context';

/** Gives the seat up; the longest seated member owns the room when it was the owner's. */
export async function leaveRoom({ storage }: ServerContext, request: RoomRequest): Promise<void> {
  await giveUpSeat(storage.redis, { ...request, requestId: newRequestId() });
}
