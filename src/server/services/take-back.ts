import 'server-only';
import { RoomError } from '@/domain/errors';
import type { MessageId } from '@/domain/message';
import { removeMessages } from '@/server/storage/messages';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** Takes messages of one author back, for the author or the room's owner. A repeat finds its own work done. */
export async function takeBack(
  context: ServerContext,
  { ids, ...request }: RoomRequest & { ids: readonly MessageId[] },
): Promise<void> {
  const ofOneAuthor = await limitReads(context, 'removals', request, (pace) =>
    removeMessages(context.storage.redis, { ...request, ids, pace }),
  );
  if (ofOneAuthor) return;
  throw new RoomError('invalid_request', { faults: [{ path: 'id', message: 'names messages of several authors' }] });
}
