import 'server-only';
import { readableCursor } from '@/domain/message';
import type { Signal } from '@/domain/requests';
import { noteSignal } from '@/server/storage/signals';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/**
 * Shows the others that a member is writing, or how far they have read. Gathered with those of others it is published
 * within a second.
 *
 * @throws RoomError `signals_off` where a room of this size does not carry it
 */
export async function sendSignal(
  context: ServerContext,
  { typing, seen, ...request }: RoomRequest & Signal,
): Promise<void> {
  await context.hub.signals.take(request.roomId, { typing, seen }, (publishes) =>
    limitReads(context, 'signals', request, (pace) =>
      noteSignal(context.storage.redis, {
        ...request,
        pace,
        typing: typing === undefined ? '' : typing ? 'on' : 'off',
        cursor: seen === undefined ? '' : readableCursor(seen),
        publishes,
      }),
    ),
  );
}
