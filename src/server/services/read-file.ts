import 'server-only';
import type { FileId } from '@/domain/file';
import type { StoredFile } from '@/domain/stored-file';
import { readFile as findFile, readPiece as findPiece } from '@/server/storage/files';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** What the room holds of a file, for any member. */
export function readFile(context: ServerContext, request: RoomRequest & { fileId: FileId }): Promise<StoredFile> {
  return limitReads(context, 'files', request, (pace) => findFile(context.storage.redis, { ...request, pace }));
}

/** A piece of a file, for any member. */
export function readPiece(
  context: ServerContext,
  request: RoomRequest & { fileId: FileId; index: number },
): Promise<Uint8Array> {
  return limitReads(context, 'gets', request, (pace) => findPiece(context.storage.redis, { ...request, pace }));
}
