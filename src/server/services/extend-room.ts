import 'server-only';
import { RoomError } from '@/domain/errors';
import { EXTENSION_ANSWERS_PER_MEMBER, EXTENSION_MS, EXTENSION_PROPOSAL_MS, ROOM_BYTES_MAX } from '@/domain/limits';
import { ROOM_LIFETIME_SECONDS_MAX } from '@/domain/room-limits';
import type { ExtendRoom } from '@/domain/requests';
import type { Room } from '@/domain/room';
import { newRequestId } from '@/server/auth/tokens';
import { extendRoom as storeAnswer } from '@/server/storage/extension';
import type { RoomRequest, ServerContext } from './context';
import { prolongHoldings } from './listing';
import { rateIn } from './rates';

/**
 * Proposes ten minutes more, agrees to them, or ends the proposal. Granted, what the room has of others lasts as long.
 *
 * @throws RoomError `cannot_extend` where the room has another end than the member agrees to move from, or would live too long
 */
export async function extendRoom(
  context: ServerContext,
  { agree, expiresAt, ...request }: RoomRequest & ExtendRoom,
): Promise<Room> {
  const answered = await storeAnswer(context.storage.redis, {
    ...request,
    requestId: newRequestId(),
    agree,
    from: expiresAt,
    addedMs: EXTENSION_MS,
    lifetimeMaxMs: ROOM_LIFETIME_SECONDS_MAX * 1_000,
    standsMs: EXTENSION_PROPOSAL_MS,
    bytesMax: ROOM_BYTES_MAX,
    pace: rateIn(context, EXTENSION_ANSWERS_PER_MEMBER),
  });
  if (answered.status === 'rate_limited') {
    throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(answered.waitMs / 1_000) });
  }
  const { room, moved } = answered.found;
  if (moved !== null) await prolongHoldings(context, room, moved);
  return room;
}
