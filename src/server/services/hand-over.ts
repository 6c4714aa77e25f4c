import 'server-only';
import { CHANGES_PER_MEMBER, OWNER_AWAY_MS } from '@/domain/limits';
import type { MemberId, Room } from '@/domain/room';
import { handOver as storeOwner } from '@/server/storage/owner';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

/** Gives the room to a member, for its owner; or takes it over, for a member who names themselves while the owner is away. */
export async function handOver(context: ServerContext, request: RoomRequest & { memberId: MemberId }): Promise<Room> {
  const rate = rateIn(context, CHANGES_PER_MEMBER);
  return storeOwner(context.storage.redis, { ...request, awayMs: OWNER_AWAY_MS, rate });
}
