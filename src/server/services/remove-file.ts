import 'server-only';
import type { FileId } from '@/domain/file';
import { removeFile as dropFile } from '@/server/storage/files';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** Removes a file, finished or not, for the member who began it or the room's owner. A repeat finds its own work done. */
export async function removeFile(context: ServerContext, request: RoomRequest & { fileId: FileId }): Promise<void> {
  await limitReads(context, 'files', request, (pace) => dropFile(context.storage.redis, { ...request, pace }));
}
