import 'server-only';
import { type FileId, pieceBytesOf } from '@/domain/file';
import { FILES_STORAGE_PART } from '@/domain/limits';
import { putPiece as storePiece } from '@/server/storage/files';
import { addressWaitMs, countAddressBytes } from './address-bytes';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** Stores a piece of a file that this member has begun. A repeat changes nothing. */
export async function putPiece(
  context: ServerContext,
  { piece, address, ...request }: RoomRequest & { fileId: FileId; index: number; piece: Uint8Array; address: string },
): Promise<void> {
  const { repeated } = await limitReads(context, 'puts', request, (pace) =>
    storePiece(context.storage.redis, {
      ...request,
      piece,
      length: piece.length,
      sealedPieceBytes: pieceBytesOf(true),
      plainPieceBytes: pieceBytesOf(false),
      pace,
      storageFull: context.storage.isFull(FILES_STORAGE_PART),
      addressWaitMs: addressWaitMs(context, address, 'files'),
    }),
  );
  if (!repeated) await countAddressBytes(context, address, piece.length, 'files');
}
