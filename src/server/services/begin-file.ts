import 'server-only';
import { RoomError } from '@/domain/errors';
import { fitsPieces } from '@/domain/file';
import type { BegunFile } from '@/domain/stored-file';
import { FILE_PIECE_SEAL_BYTES, FILES_STORAGE_PART } from '@/domain/limits';
import type { BeginFile } from '@/domain/requests';
import { beginFile as storeBeginning } from '@/server/storage/files';
import { addressWaitMs } from './address-bytes';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** What counts of a file: its content, which in a sealed room is what its pieces hold beside their seals. 0 where it cannot be. */
function contentOf(file: BeginFile, sealed: boolean): number {
  if (!fitsPieces(file, sealed)) return 0;
  return file.bytes - (sealed ? file.pieces * FILE_PIECE_SEAL_BYTES : 0);
}

/** Begins a file of a member, or finds what has come of it. `repeated` when it was begun before. */
export async function beginFile(
  context: ServerContext,
  { id, bytes, pieces, address, ...request }: RoomRequest & BeginFile & { address: string },
): Promise<{ file: BegunFile; repeated: boolean }> {
  const asked = { id, bytes, pieces };
  const begun = await limitReads(context, 'files', request, (pace) =>
    storeBeginning(context.storage.redis, {
      ...request,
      fileId: id,
      bytes,
      pieces,
      sealedContent: contentOf(asked, true),
      plainContent: contentOf(asked, false),
      pace,
      storageFull: context.storage.isFull(FILES_STORAGE_PART),
      addressWaitMs: addressWaitMs(context, address, 'files'),
    }),
  );
  if (begun.status !== 'misfit') return { file: begun.file, repeated: begun.status === 'repeated' };
  throw new RoomError('invalid_request', { faults: [{ path: 'pieces', message: 'is not as many as the bytes fill' }] });
}
