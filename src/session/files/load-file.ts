import type { FileApi } from '@/client/file-api';
import { digestOf, hashOfAll, importFileKey, openPiece, pieceSizes } from '@/crypto/sealed-file';
import type { MessageFile } from '@/domain/file';
import { planPlain, type FileCard } from '@/domain/file-card';
import { FILE_PIECE_BYTES, FILE_PIECES_MAX } from '@/domain/limits';
import { workAtOnce } from '@/lib/at-once';
import type { SessionContext } from '@/session/session-context';
import type { DownloadFailure } from './download';
import { untilAnswered } from './until-answered';

export type LoadOutcome =
  | { readonly kind: 'loaded'; readonly parts: readonly Blob[] }
  | { readonly kind: 'failed'; readonly reason: DownloadFailure };

/** Runs a request when there is room for it among all others. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** Fetches all pieces, each checked by itself, and then checks that they are the whole. Throws the signal's reason when it is stopped. */
export async function loadFile(
  context: SessionContext,
  api: FileApi,
  slots: Slots,
  card: FileCard | MessageFile,
  { stop, onProgress }: { stop: AbortSignal; onProgress: (loaded: number, isWaiting: boolean) => void },
): Promise<LoadOutcome> {
  const reader = 'key' in card ? await sealedReader(context, card) : plainReader(card);
  const parts: Blob[] = [];
  let loaded = 0;
  let failure: DownloadFailure | null = reader === null ? 'altered' : null;
  if (reader === null) return { kind: 'failed', reason: 'altered' };

  async function loadPiece(index: number) {
    const fetched = await untilAnswered(context, stop, () => slots(() => api.read(card.fileId, index, stop)), {
      onWait: () => onProgress(loaded, true),
    });
    if (!fetched.ok) {
      failure ??= fetched.failure.reason;
      return;
    }
    const own = await reader?.open(index, fetched.value);
    stop.throwIfAborted();
    if (!own) {
      failure ??= 'altered';
      return;
    }
    // A Blob may lie on disk: what is loaded does not stay in memory piece by piece.
    parts[index] = new Blob([own]);
    loaded += own.length;
    onProgress(loaded, false);
  }

  // The next piece is under way while this one is opened.
  const indexes = Array.from({ length: card.pieces }, (_, index) => index);
  await workAtOnce(indexes, api.atOnce.down, async (index) => {
    await loadPiece(index);
    return failure === null;
  });
  if (failure !== null) return { kind: 'failed', reason: failure };
  return (await reader.isWhole()) ? { kind: 'loaded', parts } : { kind: 'failed', reason: 'altered' };
}

/** What checks a file's pieces: `open` gives the bytes that are the file's own, null for a piece that is not what it should be. */
interface PieceReader {
  readonly open: (index: number, piece: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly isWhole: () => Promise<boolean>;
}

async function sealedReader({ roomId }: SessionContext, card: FileCard): Promise<PieceReader | null> {
  const { fileId, pieces, size, hash } = card;
  const key = await importFileKey(card.key);
  const digests: Uint8Array[] = [];
  return {
    open: async (index, piece) => {
      const place = { roomId, fileId, index, isLast: index === pieces - 1 };
      const content = await openPiece(key, place, piece);
      const { padded, own } = pieceSizes(size, index);
      if (content?.length !== padded || content.subarray(own).some((byte) => byte !== 0)) return null;
      digests[index] = await digestOf(piece);
      return content.subarray(0, own);
    },
    isWhole: async () => (await hashOfAll(digests)) === hash,
  };
}

/** In a plain room the server's word is all there is. */
function plainReader({ bytes, pieces }: MessageFile): PieceReader | null {
  if (planPlain(bytes).pieces !== pieces || pieces > FILE_PIECES_MAX) return null;
  const sizeOf = (index: number) => Math.min(FILE_PIECE_BYTES, bytes - index * FILE_PIECE_BYTES);
  return {
    open: (index, piece) => Promise.resolve(piece.length === sizeOf(index) ? piece : null),
    isWhole: () => Promise.resolve(true),
  };
}
