import 'server-only';
import type { Knock, KnockId } from '@/domain/knock';
import { answerKnock as storeAnswer, listKnocks } from '@/server/storage/knocks';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** Those who wait at the door, for the owner. */
export function readKnocks(context: ServerContext, request: RoomRequest): Promise<Knock[]> {
  return limitReads(context, 'knocks', request, (pace) => listKnocks(context.storage.redis, { ...request, pace }));
}

/** Lets one of them in, or refuses them. Only the owner can. */
export async function answerKnock(
  { storage }: ServerContext,
  request: RoomRequest & { knockId: KnockId; admit: boolean },
): Promise<void> {
  await storeAnswer(storage.redis, request);
}
