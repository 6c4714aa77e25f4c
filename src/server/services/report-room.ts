import 'server-only';
import { REPORT_REASONS_MAX, REPORTS_COUNTED_MAX, REPORTS_TO_UNLIST } from '@/domain/limits';
import { readLeftMs } from '@/server/storage/extension';
import { leaveLobby } from '@/server/storage/lobby';
import { noteReported, reportRoom as storeReport } from '@/server/storage/reports';
import { hashAddress } from './address-limits';
import { giveBackLease } from './address-rooms';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';
import { tidily } from './listing';

/**
 * Reports a listed room, for a member: once for each address, and the third one takes it off the list for good.
 *
 * @throws RoomError `lobby_off` where the room is not listed, nor was taken off by reports
 */
export async function reportRoom(
  context: ServerContext,
  { address, reason, ...request }: RoomRequest & { address: string; reason: string | undefined },
): Promise<void> {
  const { redis } = context.storage;
  const { roomId } = request;
  const addressHash = await hashAddress(context, `${roomId} ${address}`);
  const { takenOff, endsAt, freed } = await limitReads(context, 'reports', request, (pace) =>
    storeReport(redis, {
      ...request,
      addressHash,
      reasonJson: reason === undefined ? '' : JSON.stringify(reason),
      pace,
      offAt: REPORTS_TO_UNLIST,
      reasonsMax: REPORT_REASONS_MAX,
      countedMax: REPORTS_COUNTED_MAX,
    }),
  );
  await noteReported(redis, roomId, endsAt);
  // Its owner may have ended it in between, and found nothing to take out.
  await readLeftMs(redis, { roomId }).catch(() => tidily(leaveLobby(redis, { endedId: roomId })));
  if (!takenOff) return;
  context.lobby?.hide(roomId);
  await Promise.all([giveBackLease(context, 'listed', freed), tidily(leaveLobby(redis, { listedId: roomId }))]);
}
