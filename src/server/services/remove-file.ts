import 'server-only';
import type { FileId } from '@/domain/file';
import type { MemberId } from '@/domain/room';
import { removeFile as dropFile } from '@/server/storage/files';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/**
 * Removes a file, finished or not, for the member who began it or the room's owner; with `memberId` only what that member began. A repeat
 * finds its own work done.
 */
export async function removeFile(
  context: ServerContext,
  { memberId, ...request }: RoomRequest & { fileId: FileId; memberId: MemberId | undefined },
): Promise<void> {
  await limitReads(context, 'files', request, (pace) =>
    dropFile(context.storage.redis, { ...request, begunBy: memberId ?? '', pace }),
  );
}
