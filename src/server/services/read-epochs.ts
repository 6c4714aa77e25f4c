import 'server-only';
import type { EpochChange } from '@/domain/epoch-change';
import { EPOCHS_PER_PAGE_MAX } from '@/domain/limits';
import { readEpochs as readStored } from '@/server/storage/epochs';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** How the room's secret was replaced after an epoch, for members: a page at a time. */
export async function readEpochs(
  context: ServerContext,
  { after, ...request }: RoomRequest & { after: number },
): Promise<EpochChange[]> {
  return limitReads(context, 'epochs', request, (pace) =>
    readStored(context.storage.redis, { ...request, after, epochsMax: EPOCHS_PER_PAGE_MAX, pace }),
  );
}
